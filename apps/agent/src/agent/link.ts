import { randomBytes } from 'node:crypto'
import type { AgentRouter } from '@corral/api'
import { CorralError } from '@corral/domain'
import { AGENT_FRAME_BYTES, AGENT_PATH, type HostFacts, type Order, PROTOCOL_VERSION } from '@corral/protocol'
import { createTRPCClient, createWSClient, TRPCClientError, wsLink } from '@trpc/client'
import { Packr } from 'msgpackr'
import { WebSocket as NodeWebSocket } from 'ws'
import { readIfThere, unlinkIfThere } from '../shared/files.ts'
import { type Identity, readEnrolment, saveEnrolment, verifyDashboard } from './identity.ts'

/** `ws://…/agent` of a dashboard's address. Plain text only to this very machine. Throws `bad-input`. */
export const agentUrl = (dashboard: string): string => {
  const url = new URL(AGENT_PATH, dashboard)
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'https:' || url.protocol === 'wss:') url.protocol = 'wss:'
  else if ((url.protocol === 'http:' || url.protocol === 'ws:') && loopback) url.protocol = 'ws:'
  else throw new CorralError('bad-input', `Refusing ${dashboard}: only https, or http to this machine itself.`)
  return url.href
}

/** Typed arrays, dates and NaN travel as they are; both ends build it the same way. */
export const createEncoder = () => {
  const packr = new Packr({ moreTypes: true, useRecords: false })
  return {
    encode: (data: unknown): Uint8Array => new Uint8Array(packr.pack(data)),
    decode: (data: string | ArrayBuffer | Uint8Array): unknown =>
      packr.unpack(typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data)),
  }
}

export type Dashboard = ReturnType<typeof createTRPCClient<AgentRouter>>

interface LinkNeeds {
  readonly url: string
  readonly home: string
  readonly tokenFile: string | null
  readonly identity: Identity
  readonly facts: () => HostFacts
  readonly onOrder: (order: Order, dashboard: Dashboard) => void
  readonly onReady: (dashboard: Dashboard) => void
}

const enrol = async (needs: LinkNeeds, dashboard: Dashboard): Promise<void> => {
  const token = needs.tokenFile === null ? null : readIfThere(needs.tokenFile)?.trim()
  if (!token) throw new CorralError('bad-token', 'This host is not enrolled, and no enrolment token was given.')
  const result = await dashboard.link.enrol.mutate({
    token,
    publicKey: needs.identity.publicKey,
    facts: needs.facts(),
  })
  saveEnrolment(needs.home, result)
}

const proveBoth = async (needs: LinkNeeds, dashboard: Dashboard): Promise<void> => {
  const enrolment = readEnrolment(needs.home)
  if (!enrolment) throw new CorralError('bad-token', 'This host is not enrolled.')
  const agentNonce = new Uint8Array(randomBytes(32))
  const hello = await dashboard.link.hello.mutate({
    hostId: enrolment.hostId as never,
    agentNonce,
    version: PROTOCOL_VERSION,
  })
  const shared = { ...enrolment, agentNonce, dashboardNonce: hello.dashboardNonce }
  verifyDashboard({ ...shared, side: 'dashboard' }, hello.signature)
  const signature = needs.identity.sign({ ...shared, side: 'agent' })
  await dashboard.link.prove.mutate({ signature, facts: needs.facts() })
}

const handshake = async (needs: LinkNeeds, dashboard: Dashboard): Promise<void> => {
  if (!readEnrolment(needs.home)) await enrol(needs, dashboard)
  try {
    await proveBoth(needs, dashboard)
  } catch (error) {
    // The dashboard does not know us (its database is new): a token at hand is the operator's word to enrol again.
    // A dashboard that fails *our* check never sees the token.
    const token = needs.tokenFile === null ? null : readIfThere(needs.tokenFile)
    if (!(error instanceof TRPCClientError) || !error.data || token === null) throw error
    await enrol(needs, dashboard)
    await proveBoth(needs, dashboard)
  }
  if (needs.tokenFile !== null) unlinkIfThere(needs.tokenFile)
}

/** One connection from dial to close. Resolves when it is closed; `proved` says whether it ever was of use. */
export const runConnection = async (
  needs: LinkNeeds,
  signal: AbortSignal,
): Promise<{ proved: boolean; error: unknown }> => {
  let socket: NodeWebSocket | null = null
  class BoundSocket extends NodeWebSocket {
    constructor(url: string) {
      super(url, { maxPayload: AGENT_FRAME_BYTES, handshakeTimeout: 10_000, perMessageDeflate: false })
      socket = this
    }
  }
  let proved = false
  let failure: unknown = null
  let closed: () => void = () => {}
  const whenClosed = new Promise<void>((resolve) => {
    closed = resolve
  })
  const client = createWSClient({
    url: needs.url,
    WebSocket: BoundSocket as never,
    experimental_encoder: createEncoder(),
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 5000 },
    // Each connection is proved anew, so a new client is made for each; this one never dials twice.
    retryDelayMs: () => 60_000,
    onClose: () => closed(),
    onError: () => closed(),
  })
  const cut = (): void => {
    socket?.terminate()
    closed()
  }
  signal.addEventListener('abort', cut, { once: true })
  const dashboard = createTRPCClient<AgentRouter>({ links: [wsLink({ client })] })
  try {
    await Promise.race([handshake(needs, dashboard), whenClosed.then(() => Promise.reject(new Error('closed')))])
    proved = true
    const orders = dashboard.agent.orders.subscribe(undefined, {
      onData: (order) => needs.onOrder(order as Order, dashboard),
      onError: (error) => {
        failure = error
        cut()
      },
      onComplete: cut,
    })
    needs.onReady(dashboard)
    await whenClosed
    orders.unsubscribe()
  } catch (error) {
    failure = error
  } finally {
    signal.removeEventListener('abort', cut)
    cut()
    client.close().catch(() => {})
  }
  return { proved, error: failure }
}
