/** What one socket may ask for at a time, and the count of what it has asked. Pure. */

export interface SocketLimits {
  readonly callsPerFrame: number
  readonly subscriptions: number
  /** Queries and mutations that wait for their answer. */
  readonly pending: number
}

/** For people's pages: each watches a handful of streams, and asks for at most a chart of each metric at once. */
export const BROWSER_LIMITS: SocketLimits = { callsPerFrame: 20, subscriptions: 32, pending: 64 }
/** For agents: one stream of orders, and reports that follow one another. */
export const AGENT_LIMITS: SocketLimits = { callsPerFrame: 20, subscriptions: 2, pending: 32 }

export interface CallCounter {
  /** Counts a decoded frame; returns what limit it breaks, or null. */
  received(frame: unknown): string | null
  /** Counts a message that goes back. */
  answered(message: unknown): void
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined

/**
 * Counts the calls of one socket as tRPC's protocol over WebSocket has them
 * (https://trpc.io/docs/server/websockets): a subscription lasts until `stopped` or an error is sent for its id, a
 * query or mutation until anything is. An id that is in use may not be used again: its end would be counted twice.
 */
export const createCallCounter = (limits: SocketLimits): CallCounter => {
  const subscriptions = new Set<unknown>()
  const pending = new Set<unknown>()

  const count = (call: unknown): string | null => {
    const id = field(call, 'id')
    const method = field(call, 'method')
    if (method !== 'subscription' && method !== 'query' && method !== 'mutation') return null
    if (subscriptions.has(id) || pending.has(id)) return 'a call id is used twice'
    const open = method === 'subscription' ? subscriptions : pending
    const most = method === 'subscription' ? limits.subscriptions : limits.pending
    if (open.size >= most) return `more than ${most} ${method === 'subscription' ? 'subscriptions' : 'calls'} at once`
    open.add(id)
    return null
  }

  return {
    received(frame) {
      const calls: readonly unknown[] = Array.isArray(frame) ? frame : [frame]
      if (calls.length > limits.callsPerFrame) return `more than ${limits.callsPerFrame} calls in a frame`
      for (const call of calls) {
        const broken = count(call)
        if (broken !== null) return broken
      }
      return null
    },
    answered(message) {
      const id = field(message, 'id')
      pending.delete(id)
      const ended = field(message, 'error') !== undefined || field(field(message, 'result'), 'type') === 'stopped'
      if (ended) subscriptions.delete(id)
    },
  }
}
