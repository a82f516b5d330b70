/** The last act that can be taken back, for the key `u`. */

let last: (() => void) | null = null

export const setUndo = (undo: (() => void) | null): void => {
  last = undo
}

/** Takes the last act back, once. */
export const runUndo = (): void => {
  const undo = last
  last = null
  undo?.()
}
