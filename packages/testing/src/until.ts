import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_MS = 5

/**
 * Resolves as soon as `condition` gives something else than false, null or undefined, with what it gave. Throws with
 * `what` if that does not happen within `withinMs`.
 */
export const until = async <T>(
  what: string,
  condition: () => T | false | null | undefined,
  withinMs = 5000,
): Promise<T> => {
  for (const end = performance.now() + withinMs; ; await sleep(LOOK_MS)) {
    const found = condition()
    if (found !== false && found !== null && found !== undefined) return found
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
  }
}
