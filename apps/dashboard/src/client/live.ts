import type { FleetMessage } from '@corral/protocol'
import { createLiveStore } from './live-store.ts'
import { createSummary } from './totals.ts'
import { trpcClient } from './trpc.ts'

/** The page's live store, and the one subscription that fills it. */

export const liveStore = createLiveStore((flush) => requestAnimationFrame(flush))

/** Sums over the fleet now; null before the first message. */
export const fleetSummary = createSummary(liveStore)

const RESUBSCRIBE_MS = 2000

let watchers = 0
let stop: (() => void) | null = null

const subscribe = (): (() => void) => {
  let again: ReturnType<typeof setTimeout> | undefined
  let ended = false
  let current: { unsubscribe(): void } | null = null
  const open = (): void => {
    current = trpcClient().fleet.live.subscribe(undefined, {
      // tRPC's types speak of JSON; over msgpack typed arrays arrive as what they are.
      onData: (message) => liveStore.receive(message as unknown as FleetMessage),
      // The link itself reconnects; this is for a subscription that the server ended.
      onError: later,
      onComplete: later,
    })
  }
  const later = (): void => {
    if (ended) return
    clearTimeout(again)
    again = setTimeout(open, RESUBSCRIBE_MS)
  }
  open()
  return () => {
    ended = true
    clearTimeout(again)
    current?.unsubscribe()
  }
}

/** Keeps the fleet live until the returned function is called. Any number of watchers share one subscription. */
export const watchFleet = (): (() => void) => {
  watchers += 1
  stop ??= subscribe()
  let released = false
  return () => {
    if (released) return
    released = true
    watchers -= 1
    // Kept for a moment, so that going from page to page does not ask for everything again.
    setTimeout(() => {
      if (watchers > 0 || stop === null) return
      stop()
      stop = null
    }, 1000)
  }
}
