import { mayAct, type Role } from '@corral/domain'
import type { LiveContainer, LiveHost } from '@corral/protocol'
import type { Connection } from './connection.ts'

export interface ActSituation {
  readonly container: LiveContainer
  readonly host: LiveHost | undefined
  readonly role: Role
  readonly connection: Connection
}

/**
 * Why this person cannot freeze or thaw this container now, in words for its disabled button; null if they can. The
 * server and the host decide; this only spares a click whose refusal is known.
 */
export const whyNotAct = ({ container, host, role, connection }: ActSituation): string | null => {
  if (!mayAct(role, 'container.freeze')) return `A ${role} may not freeze. An admin can give you the role operator.`
  if (connection !== 'online') return 'The dashboard is not connected. It goes on by itself when it is.'
  if (host === undefined || !host.online) return 'The host is not connected. Acting is off until it is back.'
  if (!host.facts.canAct) return host.facts.whyNot ?? 'This host is observed only.'
  if (container.protection !== null) return `Protected: ${container.protection}`
  return null
}
