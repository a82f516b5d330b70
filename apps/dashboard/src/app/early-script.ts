/**
 * Runs while the page is parsed, before anything is painted: takes the theme the person chose, and hands the page's
 * nonce to libraries that add a style sheet when a dialog opens (they read `__webpack_nonce__`, the common name).
 */
export const earlyScript = [
  "(()=>{try{const t=localStorage.getItem('corral-theme');",
  "if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{}",
  'window.__webpack_nonce__=document.currentScript.nonce})()',
].join('')
