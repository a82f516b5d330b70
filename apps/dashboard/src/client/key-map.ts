/**
 * Which action a key press means, across all that listen: a sequence of two keys (`g f`) goes before a single key
 * (`f`), whoever registered them, so that going somewhere never freezes something.
 */

export type KeyActions = Readonly<Record<string, () => void>>

const SEQUENCE_MS = 900

export interface KeyMap {
  /** The newest registration is asked first. */
  add(actions: () => KeyActions): () => void
  /** The action of this press, if any. `atMs` is the time of the press. */
  press(key: string, atMs: number): (() => void) | null
}

export const createKeyMap = (): KeyMap => {
  const registered: (() => KeyActions)[] = []
  let last: { readonly key: string; readonly atMs: number } | null = null
  const find = (key: string): (() => void) | null => {
    for (let i = registered.length - 1; i >= 0; i--) {
      const action = registered[i]?.()[key]
      if (action !== undefined) return action
    }
    return null
  }
  const begins = (key: string): boolean =>
    registered.some((actions) => Object.keys(actions()).some((name) => name.startsWith(`${key} `)))
  return {
    add(actions) {
      registered.push(actions)
      return () => {
        const at = registered.indexOf(actions)
        if (at >= 0) registered.splice(at, 1)
      }
    },
    press(key, atMs) {
      const before = last !== null && atMs - last.atMs < SEQUENCE_MS ? last.key : null
      last = null
      if (before !== null) {
        // A key after the first of a sequence belongs to the sequence, even if there is no such sequence.
        return find(`${before} ${key}`)
      }
      const action = find(key)
      if (action === null && begins(key)) last = { key, atMs }
      return action
    },
  }
}
