/** Whether live values flow, as a store outside React. */

export type Connection =
  /** The first connection is being made. */
  | 'connecting'
  | 'online'
  /** It was there and is gone; another is being made. */
  | 'reconnecting'

export interface ConnectionStore {
  get(): Connection
  /** Unix time in seconds since when the state is what it is. */
  sinceSec(): number
  set(next: 'up' | 'down'): void
  subscribe(listener: () => void): () => void
}

/** `now` in Unix seconds. */
export const createConnectionStore = (now: () => number): ConnectionStore => {
  const listeners = new Set<() => void>()
  let state: Connection = 'connecting'
  let since = now()
  const move = (next: Connection): void => {
    if (next === state) return
    state = next
    since = now()
    for (const listener of [...listeners]) listener()
  }
  return {
    get: () => state,
    sinceSec: () => since,
    set(next) {
      if (next === 'up') move('online')
      else if (state === 'online') move('reconnecting')
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export const connectionStore = createConnectionStore(() => Date.now() / 1000)
