import type { AppRouter } from '@corral/api'
import type { LIVE_PATH } from '@corral/protocol'
import { createTRPCClient, createWSClient, httpLink, splitLink, type TRPCClient, wsLink } from '@trpc/client'
import { Packr } from 'msgpackr'
import { connectionStore } from './connection.ts'
import { readProblem } from './errors.ts'

/**
 * The one tRPC client of the page. Queries and subscriptions go over one WebSocket in msgpack, opened with a ticket
 * that is fetched anew for each connection; mutations are POSTs with JSON, which carry the session's cookie.
 */

export type Client = TRPCClient<AppRouter>

// Spelled out because the protocol's own module brings its schemas along; the type keeps both equal.
const livePath: typeof LIVE_PATH = '/live'

const createEncoder = () => {
  const packr = new Packr({ moreTypes: true, useRecords: false })
  return {
    encode: (data: unknown) => new Uint8Array(packr.encode(data)),
    decode: (data: string | ArrayBuffer | Uint8Array): unknown =>
      typeof data === 'string' ? JSON.parse(data) : packr.decode(new Uint8Array(data)),
  }
}

/** Waits before attempt `n` to connect again: at once, then longer, at most 5 s, never all browsers together. */
const retryDelayMs = (attempt: number): number => {
  const steps = [100, 500, 1000, 2000, 5000]
  return (steps[Math.min(attempt, steps.length - 1)] ?? 5000) * (0.75 + Math.random() / 2)
}

/** A ticket that takes longer is asked for again. */
const TICKET_MS = 8000

const goToSignIn = (): void => {
  if (!location.pathname.startsWith('/sign-in')) location.assign('/sign-in')
}

const createClient = (): Client => {
  const posts = httpLink({ url: '/api/trpc' })
  const postClient = createTRPCClient<AppRouter>({ links: [posts] })
  let ticket = ''
  const socket = createWSClient({
    // The ticket comes first: a socket is opened only by someone who is signed in.
    url: async () => {
      try {
        ticket = (await postClient.session.ticket.mutate(undefined, { signal: AbortSignal.timeout(TICKET_MS) })).ticket
      } catch (error) {
        if (readProblem(error).code === 'not-signed-in') goToSignIn()
        throw error
      }
      return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${livePath}`
    },
    connectionParams: () => ({ ticket }),
    lazy: { enabled: true, closeMs: 10_000 },
    keepAlive: { enabled: true, intervalMs: 5_000, pongTimeoutMs: 3_000 },
    retryDelayMs,
    experimental_encoder: createEncoder(),
    onOpen: () => connectionStore.set('up'),
    onClose: () => connectionStore.set('down'),
    onError: () => connectionStore.set('down'),
  })
  // A side that is gone without a word is given up by the keep-alive, but the browser then waits for its goodbye.
  setInterval(() => {
    if (socket.connection?.state === 'closed') connectionStore.set('down')
  }, 1000)
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({ condition: ({ type }) => type === 'mutation', true: posts, false: wsLink({ client: socket }) }),
    ],
  })
}

let client: Client | null = null

/** The page's client. A socket per render would open hundreds, so there is one for the life of the page. */
export const trpcClient = (): Client => {
  if (typeof window === 'undefined') throw new Error('the tRPC client lives in the browser')
  client ??= createClient()
  return client
}
