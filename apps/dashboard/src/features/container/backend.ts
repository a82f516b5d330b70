import { connectionStore, readProblem, trpcClient } from '../../client/index.ts'
import type { FeedBackend, FeedHost } from './feed.ts'
import { isContainerMessage, isSeries } from './wire.ts'

/** How soon a stream that the server ended is asked for again. The link reconnects by itself. */
const RESUBSCRIBE_MS = 3_000

/** The dashboard's API, as one container's page needs it. Nothing is opened before `watch`. */
export const createBackend = (containerId: string): FeedBackend => ({
  watch(on) {
    let ended = false
    let again: ReturnType<typeof setTimeout> | undefined
    let stream: { unsubscribe(): void } | null = null
    const later = () => {
      clearTimeout(again)
      if (!ended) again = setTimeout(open, RESUBSCRIBE_MS)
    }
    const open = () => {
      stream = trpcClient().container.live.subscribe(
        { containerId },
        {
          onData: (message: unknown) => {
            if (isContainerMessage(message)) on.message(message)
          },
          onError: (error) => {
            on.fault(readProblem(error))
            later()
          },
          onComplete: later,
        },
      )
    }
    open()
    return () => {
      ended = true
      clearTimeout(again)
      stream?.unsubscribe()
    }
  },
  async history(input) {
    const series: unknown = await trpcClient().history.series.query({ containerId, ...input })
    if (!isSeries(series)) throw new Error('history came without its typed arrays')
    return series
  },
  readProblem,
  link: connectionStore,
})

/** The browser tab that the page is in. */
export const browserHost: FeedHost = {
  nowMs: () => Date.now(),
  every(ms, run) {
    const timer = setInterval(run, ms)
    return () => clearInterval(timer)
  },
  visible: () => document.visibilityState === 'visible',
  onVisibility(listener) {
    document.addEventListener('visibilitychange', listener)
    return () => document.removeEventListener('visibilitychange', listener)
  },
}
