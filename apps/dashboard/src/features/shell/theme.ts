/** Light or dark: what the person chose here, else what the system says. */

const THEME_KEY = 'corral-theme'

const isDark = (): boolean => {
  const chosen = document.documentElement.dataset.theme
  return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
}

/** Turns the page to the other theme and remembers it. */
export const toggleTheme = (): void => {
  const next = isDark() ? 'light' : 'dark'
  document.documentElement.dataset.theme = next
  try {
    localStorage.setItem(THEME_KEY, next)
  } catch {
    // Private windows may refuse storage; the choice then lasts as long as the page.
  }
}
