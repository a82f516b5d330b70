/** One clock for the page: ticks at each whole second while someone listens. */

const listeners = new Set<() => void>()
let nowSec = 0
let timer: ReturnType<typeof setTimeout> | undefined

const plan = (): void => {
  timer = setTimeout(
    () => {
      nowSec = Math.floor(Date.now() / 1000)
      for (const listener of [...listeners]) listener()
      plan()
    },
    1000 - (Date.now() % 1000),
  )
}

export const subscribeClock = (listener: () => void): (() => void) => {
  listeners.add(listener)
  if (listeners.size === 1) {
    nowSec = Math.floor(Date.now() / 1000)
    plan()
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearTimeout(timer)
  }
}

/** Unix time in whole seconds. */
export const readClock = (): number => {
  if (listeners.size === 0) nowSec = Math.floor(Date.now() / 1000)
  return nowSec
}
