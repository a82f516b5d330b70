import { CorralError } from '@corral/domain'
import type { Order } from '@corral/protocol'
import { createSignal } from './signal.ts'

/** Most orders that wait for one agent; a healthy one takes each within a millisecond. */
const MOST_WAITING = 64

type Attend = Extract<Order, { kind: 'attend' }>
type Asked = Exclude<Order, Attend>

/** What waits for one agent. Nothing waits longer than its own deadline: an order never "arrives tomorrow". */
export interface OrderQueue {
  /** Whether an agent takes orders from here now. */
  readonly taken: boolean
  /** Replaces what the agent attends to; of several changes not yet taken only the last is sent. */
  attend(cgroupIds: readonly string[]): void
  /**
   * Resolves once the agent took the order. Rejects with `host-offline` if nobody takes it within `withinMs` (it is
   * then withdrawn), with `too-much` if too many wait.
   */
  push(order: Asked, withinMs: number): Promise<void>
  /** The agent's side: every order once, in order, until `signal` aborts or the queue closes. One taker at a time. */
  take(signal: AbortSignal): AsyncGenerator<Order, void, undefined>
  /** Rejects whatever waits with `host-offline` and ends the taker. */
  close(): void
}

interface Waiting {
  readonly order: Asked
  readonly took: () => void
  readonly withdraw: (reason: string) => void
}

export const createOrderQueue = (): OrderQueue => {
  const changed = createSignal()
  const waiting: Waiting[] = []
  let attend: Attend | null = null
  let taken = false
  let closed = false

  const next = (): Order | null => {
    if (attend) {
      const order = attend
      attend = null
      return order
    }
    const first = waiting.shift()
    first?.took()
    return first?.order ?? null
  }

  return {
    get taken() {
      return taken && !closed
    },
    attend: (cgroupIds) => {
      attend = { kind: 'attend', cgroupIds }
      changed.raise()
    },
    push: (order, withinMs) =>
      new Promise((resolve, reject) => {
        if (closed || !taken) return reject(new CorralError('host-offline'))
        if (waiting.length >= MOST_WAITING) return reject(new CorralError('too-much', 'orders wait for this host'))
        const end = (): void => {
          clearTimeout(timer)
          const at = waiting.indexOf(entry)
          if (at >= 0) waiting.splice(at, 1)
        }
        const entry: Waiting = {
          order,
          took: () => {
            end()
            resolve()
          },
          withdraw: (reason) => {
            end()
            reject(new CorralError('host-offline', reason))
          },
        }
        const timer = setTimeout(() => entry.withdraw('It did not take the order in time.'), withinMs)
        waiting.push(entry)
        changed.raise()
      }),
    async *take(signal) {
      if (taken) throw new CorralError('too-much', 'this connection already takes orders')
      taken = true
      try {
        while (!closed && !signal.aborted) {
          const order = next()
          if (order) yield order
          else await changed.wait(signal)
        }
      } finally {
        taken = false
        for (const entry of [...waiting]) entry.withdraw('It stopped taking orders.')
      }
    },
    close: () => {
      closed = true
      for (const entry of [...waiting]) entry.withdraw('Its connection closed.')
      changed.raise()
    },
  }
}
