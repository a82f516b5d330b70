import { generateKeyPairSync, randomBytes, randomUUID, sign, verify } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { CorralError, type ErrorCode } from '@corral/domain'
import {
  AGENT_FRAME_BYTES,
  AGENT_PATH,
  type Answer,
  answer,
  type BlockUpload,
  blockUpload,
  type EnrolResult,
  enrolInput,
  type HelloResult,
  type HostFacts,
  helloInput,
  type InventoryReport,
  inventoryReport,
  type LiveReport,
  liveReport,
  type Order,
  PROTOCOL_VERSION,
  proveInput,
  type Transcript,
  transcriptBytes,
} from '@corral/protocol'
import { initTRPC, TRPCError } from '@trpc/server'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { WebSocketServer } from 'ws'
import { createCodec } from '../shared/codec.ts'

/** A dashboard in memory: speaks the agent link for real, keeps what it is told, and fails when it is told to. */

interface Connection {
  hostId: string | null
  transcript: Transcript | null
  proved: boolean
}

export interface DoubleState {
  readonly tokens: Set<string>
  /** Raw public key by host id. */
  readonly hosts: Map<string, Uint8Array>
  readonly facts: HostFacts[]
  readonly inventories: InventoryReport[]
  readonly live: LiveReport[]
  readonly uploads: BlockUpload[]
  readonly answers: Answer[]
  /** `bootId/cgroupId/startSec` of every stored block, with how often it came. */
  readonly blocks: Map<string, number>
  /** Procedures that fail, and how: `link.hello`, `agent.blocks`, … */
  readonly failing: Map<string, ErrorCode>
  enrolments: number
  connections: number
}

const t = initTRPC.context<Connection>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: { ...shape.data, corral: error.cause instanceof CorralError ? { code: error.cause.code } : null },
  }),
})

const raw = (key: ReturnType<typeof generateKeyPairSync>['publicKey']): Uint8Array =>
  new Uint8Array(Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url'))
const fromRaw = (key: Uint8Array) => ({
  key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') },
  format: 'jwk' as const,
})

const createRouter = (state: DoubleState, orders: Set<(order: Order) => void>) => {
  const keys = generateKeyPairSync('ed25519')
  const dashboardKey = raw(keys.publicKey)
  const refuse = (code: ErrorCode): never => {
    throw new TRPCError({ code: 'BAD_REQUEST', cause: new CorralError(code) })
  }
  const open = t.procedure.use(({ path, next }) => {
    const code = state.failing.get(path)
    return code ? refuse(code) : next()
  })
  const proved = open.use(({ ctx, next }) => (ctx.proved ? next() : refuse('bad-proof')))
  const ok = { ok: true } as const

  const link = t.router({
    enrol: open.input(enrolInput).mutation(({ input }): EnrolResult => {
      if (!state.tokens.delete(input.token)) refuse('bad-token')
      const hostId = randomUUID()
      state.hosts.set(hostId, new Uint8Array(input.publicKey))
      state.enrolments += 1
      return { hostId, dashboardKey }
    }),
    // As the real one: whether the host exists is not told before it proved to be it.
    hello: open.input(helloInput).mutation(({ ctx, input }): HelloResult => {
      if (input.version !== PROTOCOL_VERSION) refuse('wrong-version')
      const { hostId } = input
      const dashboardNonce = new Uint8Array(randomBytes(32))
      const agentNonce = new Uint8Array(input.agentNonce)
      ctx.hostId = hostId
      ctx.transcript = { side: 'agent', hostId, agentNonce, dashboardNonce, dashboardKey }
      const bytes = transcriptBytes({ ...ctx.transcript, side: 'dashboard' })
      return { dashboardNonce, signature: new Uint8Array(sign(null, bytes, keys.privateKey)) }
    }),
    prove: open.input(proveInput).mutation(({ ctx, input }) => {
      const key = state.hosts.get(ctx.hostId ?? '')
      if (!key || !ctx.transcript || !verify(null, transcriptBytes(ctx.transcript), fromRaw(key), input.signature)) {
        return refuse('bad-proof')
      }
      ctx.proved = true
      state.facts.push(input.facts)
      return ok
    }),
  })
  const agent = t.router({
    inventory: proved.input(inventoryReport).mutation(({ input }) => {
      state.inventories.push(input)
      return ok
    }),
    live: proved.input(liveReport).mutation(({ input }) => {
      state.live.push(input)
      return ok
    }),
    blocks: proved.input(blockUpload).mutation(({ input }) => {
      state.uploads.push(input)
      let stored = 0
      for (const { bootId, cgroupId, startSec } of input.blocks) {
        const key = `${bootId}/${cgroupId}/${startSec}`
        const before = state.blocks.get(key) ?? 0
        state.blocks.set(key, before + 1)
        if (before === 0) stored += 1
      }
      return { stored, duplicate: input.blocks.length - stored }
    }),
    answer: proved.input(answer).mutation(({ input }) => {
      state.answers.push(input)
      return ok
    }),
    orders: proved.subscription(async function* ({ signal }): AsyncGenerator<Order> {
      const queue: Order[] = []
      let wake = (): void => {}
      const push = (order: Order): void => {
        queue.push(order)
        wake()
      }
      orders.add(push)
      signal?.addEventListener('abort', () => wake())
      try {
        while (!signal?.aborted) {
          for (let order = queue.shift(); order; order = queue.shift()) yield order
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      } finally {
        orders.delete(push)
      }
    }),
  })
  return t.router({ link, agent })
}

export interface DashboardDouble extends AsyncDisposable {
  readonly url: string
  readonly state: DoubleState
  makeToken(): string
  /** Sends an order to every connected agent. */
  order(order: Order): void
  /** Agents that take orders now. */
  readonly listening: number
  /** Cuts all connections; the server goes on. */
  cut(): void
}

/** Starts on a free port of 127.0.0.1, or on `port`. */
export const startDashboardDouble = async (port = 0): Promise<DashboardDouble> => {
  const state: DoubleState = {
    tokens: new Set(),
    hosts: new Map(),
    facts: [],
    inventories: [],
    live: [],
    uploads: [],
    answers: [],
    blocks: new Map(),
    failing: new Map(),
    enrolments: 0,
    connections: 0,
  }
  const orders = new Set<(order: Order) => void>()
  const server = new WebSocketServer({ host: '127.0.0.1', port, path: AGENT_PATH, maxPayload: AGENT_FRAME_BYTES })
  await new Promise((resolve) => server.once('listening', resolve))
  server.on('connection', () => {
    state.connections += 1
  })
  applyWSSHandler({
    wss: server,
    router: createRouter(state, orders),
    createContext: (): Connection => ({ hostId: null, transcript: null, proved: false }),
    experimental_encoder: createCodec(),
  })
  const cut = (): void => {
    for (const client of server.clients) client.terminate()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    makeToken: () => {
      const token = randomBytes(32).toString('base64url')
      state.tokens.add(token)
      return token
    },
    order: (order) => {
      for (const push of orders) push(order)
    },
    get listening() {
      return orders.size
    },
    cut,
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
