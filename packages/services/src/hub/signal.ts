/** Wakes everyone who waits for a change; keeps no values, so whoever wakes reads what is newest. */
export interface Signal {
  raise(): void
  /** Resolves at the next `raise` or when `signal` aborts; never rejects. */
  wait(signal: AbortSignal): Promise<void>
}

export const createSignal = (): Signal => {
  let waiting = new Set<() => void>()
  return {
    raise: () => {
      const woken = waiting
      waiting = new Set()
      for (const wake of woken) wake()
    },
    wait: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const wake = (): void => {
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        waiting.add(wake)
        signal.addEventListener('abort', wake, { once: true })
      }),
  }
}

/** Resolves after `ms` or when `signal` aborts; never rejects. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
