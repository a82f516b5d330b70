import type { HostId } from '@corral/domain'
import { createOrderQueue, type OrderQueue } from './order-queue.ts'
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

/** What the server knows of an agent's socket. */
export interface AgentSocket {
  /** Ends it at once. */
  cut(): void
}

/** What both sides chose at `hello`; used by one `prove`, then gone. */
export interface Greeting {
  readonly hostId: HostId
  readonly agentNonce: Uint8Array
  readonly dashboardNonce: Uint8Array
}

/** How often one connection may say what. Generous for an agent that works, tight for one that does not. */
interface Limits {
  readonly enrol: TokenBucket
  readonly hello: TokenBucket
  readonly inventory: TokenBucket
  readonly live: TokenBucket
  readonly blocks: TokenBucket
  readonly answer: TokenBucket
}

/** One socket of one agent, from its opening to its end. It is nobody until it proved which host it is. */
export interface AgentConnection {
  readonly socket: AgentSocket
  readonly orders: OrderQueue
  readonly limits: Limits
  greeting: Greeting | null
  hostId: HostId | null
  closed: boolean
}

export const createConnection = (socket: AgentSocket): AgentConnection => ({
  socket,
  orders: createOrderQueue(),
  limits: {
    enrol: createTokenBucket({ burst: 3, perSec: 0.1 }),
    hello: createTokenBucket({ burst: 4, perSec: 0.1 }),
    inventory: createTokenBucket({ burst: 40, perSec: 10 }),
    live: createTokenBucket({ burst: 20, perSec: 5 }),
    // A host that was away for two hours with 4096 containers has 3840 uploads to make.
    blocks: createTokenBucket({ burst: 64, perSec: 32 }),
    answer: createTokenBucket({ burst: 2000, perSec: 500 }),
  },
  greeting: null,
  hostId: null,
  closed: false,
})
