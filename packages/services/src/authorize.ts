import { type Action, CorralError, mayAct, type Resource } from '@corral/domain'
import { recordDenial } from './container/denial.ts'
import { type BrowserContext, requireSession, type Session } from './context.ts'

/**
 * Who acts, if they may; the first line of every verb. Throws `not-signed-in`, or `not-allowed` after the denial was
 * written to the audit log if the action would have changed something.
 */
export const authorize = async (ctx: BrowserContext, action: Action, resource: Resource): Promise<Session> => {
  const session = requireSession(ctx)
  if (mayAct(session.role, action)) return session
  await recordDenial(ctx, session, action, resource)
  throw new CorralError('not-allowed', `${action} needs more than the role ${session.role}`)
}
