import { randomUUID } from 'node:crypto'
import { type Action, isContainerId, type Resource } from '@corral/domain'
import type { BrowserContext, Session } from '../context.ts'
import { findContainer } from './find.ts'

/** Actions that change something: being refused one is written down. */
const AUDITED: Partial<Record<Action, string>> = { 'container.freeze': 'freeze', 'container.thaw': 'thaw' }

/**
 * Writes down that someone was refused. Never throws: a denial stands whether or not it could be written; what the
 * audit log did not take, the program's log has.
 */
export const recordDenial = async (
  ctx: BrowserContext,
  session: Session,
  action: Action,
  resource: Resource,
): Promise<void> => {
  const { services } = ctx
  const { userId, role } = session
  services.log.warn({ userId, role, action, resource }, 'denied')
  const verb = AUDITED[action]
  if (verb === undefined || resource.kind !== 'container' || !isContainerId(resource.id)) return
  try {
    services.actsOf(userId).take('actions of one person')
    const found = await findContainer(services, resource.id)
    const id = randomUUID()
    await services.database.interventions.begin({
      id,
      actor: session.email,
      verb,
      hostId: found.hostId,
      containerId: found.id,
      containerName: found.description.name,
      reason: null,
      args: {},
    })
    const detail = `the role ${role} may not do this`
    await services.ends.finish(id, { status: 'refused', code: 'not-allowed', detail, tookUsec: null, result: null })
  } catch (error) {
    services.log.warn({ userId, action, resource, err: error }, 'a denial could not be written to the audit log')
  }
}
