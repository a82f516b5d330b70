import type { Order } from '@corral/protocol'
import { type AgentContext, requireHost } from '../context.ts'

/** What this dashboard asks of the host, as it comes up, until `signal` aborts. First: what to attend to. */
export async function* streamOrders(ctx: AgentContext, signal: AbortSignal): AsyncGenerator<Order, void, undefined> {
  requireHost(ctx)
  yield* ctx.connection.orders.take(signal)
}
