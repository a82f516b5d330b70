import { setTimeout as sleep } from 'node:timers/promises'
import type { AgentRouter } from '@corral/api'
import { CorralError } from '@corral/domain'
import { AGENT_FRAME_BYTES, AGENT_PATH, type Order } from '@corral/protocol'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { WebSocket as NodeWebSocket } from 'ws'
import { backoffMs } from '../shared/backoff.ts'
import type { Codec } from '../shared/codec.ts'
import { type HandshakeNeeds, handshake } from './handshake.ts'

/** Longest wait for a connection and for the handshake on it. */
const CONNECT_MS = 10_000
const HANDSHAKE_MS = 15_000
/** SECURITY 7: full jitter over 0.5 s … 30 s. */
const RECONNECT = { firstMs: 500, mostMs: 30_000 }

/** `ws://…/agent` of a dashboard's address. Plain text only to this very machine. Throws `bad-input`. */
export const agentUrl = (dashboard: string): string => {
  if (!URL.canParse(AGENT_PATH, dashboard)) throw new CorralError('bad-input', `${dashboard} is not an address.`)
  const url = new URL(AGENT_PATH, dashboard)
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'https:' || url.protocol === 'wss:') url.protocol = 'wss:'
  else if ((url.protocol === 'http:' || url.protocol === 'ws:') && loopback) url.protocol = 'ws:'
  else throw new CorralError('bad-input', `Refusing ${dashboard}: only https, or http to this machine itself.`)
  return url.href
}

export type Dashboard = ReturnType<typeof createTRPCClient<AgentRouter>>

export interface LinkNeeds extends HandshakeNeeds {
  readonly url: string
  readonly codec: Codec
  /** Both sides are proved; reports may flow until `onDown`. */
  readonly onUp: (dashboard: Dashboard) => void
  readonly onOrder: (order: Order, dashboard: Dashboard) => void
  readonly onDown: () => void
  /** A connection ended or never came to be; the next attempt is in `waitMs`. */
  readonly onFailure: (error: unknown, proved: boolean, waitMs: number) => void
}

const timeout = (ms: number, what: string, signal: AbortSignal): Promise<never> =>
  sleep(ms, undefined, { signal }).then(() => {
    throw new Error(`${what} within ${ms} ms`)
  })

/** One connection from dial to close. Resolves when it is closed; `proved` says whether it ever was of use. */
const runConnection = async (needs: LinkNeeds, signal: AbortSignal): Promise<{ proved: boolean; error: unknown }> => {
  let socket: NodeWebSocket | null = null
  class BoundSocket extends NodeWebSocket {
    constructor(url: string) {
      super(url, { maxPayload: AGENT_FRAME_BYTES, handshakeTimeout: CONNECT_MS, perMessageDeflate: false })
      socket = this
    }
  }
  let failure: unknown = null
  let proved = false
  const ended = new AbortController()
  const whenEnded = new Promise<never>((_, reject) => {
    ended.signal.addEventListener('abort', () => reject(failure ?? new Error('the connection was closed')), {
      once: true,
    })
  })
  whenEnded.catch(() => {})
  const end = (error?: unknown): void => {
    failure ??= error ?? null
    ended.abort()
  }
  const client = createWSClient({
    url: needs.url,
    WebSocket: BoundSocket as unknown as typeof WebSocket,
    experimental_encoder: needs.codec,
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 5000 },
    // Each connection is proved anew, so a new client is made for each; this one never dials twice.
    retryDelayMs: () => 3_600_000,
    onClose: (cause) => end(new Error(`the dashboard closed the connection (${cause?.code ?? 'no code'})`)),
    onError: () => end(new Error(`no connection to ${needs.url}`)),
  })
  const cut = (): void => end(new Error('stopping'))
  signal.addEventListener('abort', cut, { once: true })
  if (signal.aborted) cut()
  const dashboard = createTRPCClient<AgentRouter>({ links: [wsLink({ client })] })
  let orders: { unsubscribe(): void } | null = null
  try {
    await Promise.race([
      handshake(needs, dashboard),
      whenEnded,
      timeout(HANDSHAKE_MS, 'the handshake was not done', ended.signal),
    ])
    proved = true
    orders = dashboard.agent.orders.subscribe(undefined, {
      onData: (order) => needs.onOrder(order, dashboard),
      onError: end,
      onComplete: () => end(new Error('the dashboard ended the orders')),
    })
    needs.onUp(dashboard)
    await whenEnded
  } catch (error) {
    failure = error
  } finally {
    if (proved) needs.onDown()
    signal.removeEventListener('abort', cut)
    ended.abort()
    orders?.unsubscribe()
    close(client, socket)
  }
  return { proved, error: failure }
}

/** Gives up a client for good. Requests that are under way fail. */
const close = (client: { close(): Promise<void> }, socket: NodeWebSocket | null): void => {
  client.close().catch(() => {})
  socket?.terminate()
}

/** Keeps one proved connection, dialling again with full jitter, until `signal` is aborted. */
export const keepConnected = async (needs: LinkNeeds, signal: AbortSignal): Promise<void> => {
  for (let attempt = 0; !signal.aborted; attempt++) {
    const { proved, error } = await runConnection(needs, signal)
    if (signal.aborted) return
    if (proved) attempt = 0
    const waitMs = backoffMs(attempt, RECONNECT, Math.random())
    needs.onFailure(error, proved, waitMs)
    await sleep(waitMs, undefined, { signal }).catch(() => {})
  }
}
