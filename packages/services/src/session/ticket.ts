import { authorize } from '../authorize.ts'
import type { BrowserContext } from '../context.ts'

/** A ticket with which this session may open its live socket within the next 30 seconds. */
export const makeTicket = async (ctx: BrowserContext): Promise<{ readonly ticket: string }> => {
  const session = await authorize(ctx, 'session.read', { kind: 'session' })
  return { ticket: ctx.services.auth.ticketFor(session) }
}
