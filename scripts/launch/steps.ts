/** Progress for people: a step that takes longer than a second says what it does, then how long it took. */

const SAY_AFTER_MS = 700

/** An error whose message is meant for the person at the terminal; no stack is shown. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** Runs one named step of a start, unless `signal` has asked to stop. */
export const step = async <T>(doing: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
  signal.throwIfAborted()
  const began = performance.now()
  let said = false
  const timer = setTimeout(() => {
    said = true
    console.log(`• ${doing} …`)
  }, SAY_AFTER_MS)
  try {
    const result = await work()
    if (said) console.log(`✓ ${doing}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
    return result
  } finally {
    clearTimeout(timer)
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Asks `ready` every 50 ms until it is true or `signal` aborts; a `StartError` with `otherwise` after `deadlineMs`. */
export const waitUntil = async (
  ready: () => boolean | Promise<boolean>,
  signal: AbortSignal,
  deadlineMs: number,
  otherwise: () => string,
): Promise<void> => {
  const end = performance.now() + deadlineMs
  while (!(await ready())) {
    signal.throwIfAborted()
    if (performance.now() > end) throw new StartError(otherwise())
    await sleep(50)
  }
}
