/** Headers that tell browsers what this program may never be made to do. Pure. */

export interface Policy {
  /** A fresh random value for each response, in base64. */
  readonly nonce: string
  readonly publicOrigin: string
  /** While pages are compiled on demand, React needs `eval` for its stack traces. */
  readonly dev: boolean
}

/**
 * Content-Security-Policy of a page (https://www.w3.org/TR/CSP3/): scripts only with this response's nonce and what
 * those load; style sheets of ours, and style attributes, which cannot fetch or run anything; nothing from elsewhere.
 */
export const pagePolicy = ({ nonce, publicOrigin, dev }: Policy): string =>
  [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    // Next's development overlay writes style elements without a nonce.
    dev ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${publicOrigin.replace(/^http/, 'ws')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(publicOrigin.startsWith('https:') ? ['upgrade-insecure-requests'] : []),
  ].join('; ')

/** Content-Security-Policy of an answer that is data: nothing in it may ever run or be framed. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** What every answer carries, whatever it is. */
export const commonHeaders = (publicOrigin: string): Readonly<Record<string, string>> => ({
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not `no-referrer`: with it, browsers would send `Origin: null` with forms of our own.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  // One year; only where the address itself is https.
  ...(publicOrigin.startsWith('https:') && { 'Strict-Transport-Security': 'max-age=31536000' }),
})
