import { type ContainerDescription, type ContainerId, CorralError, type HostId, isContainerId } from '@corral/domain'
import type { HostState } from '../hub/host-state.ts'
import type { Services } from '../services.ts'

/** A container that someone named: from memory if its host lists it, else as the database remembers it. */
export interface FoundContainer {
  readonly id: ContainerId
  readonly hostId: HostId
  readonly description: ContainerDescription
  /** Its host, if anything is known of it in memory. */
  readonly host: HostState | undefined
  /** Whether its host lists it now (or did when it was last connected). */
  readonly listed: boolean
}

/** Throws `not-found`, and `database-down` when only the database could tell. */
export const findContainer = async ({ hub, database }: Services, containerId: string): Promise<FoundContainer> => {
  if (!isContainerId(containerId)) throw new CorralError('not-found', 'no container has such an id')
  const live = hub.container(containerId)
  if (live) {
    const { host, known } = live
    return { id: known.id, hostId: known.hostId, description: known.description, host, listed: true }
  }
  const row = await database.containers.find(containerId)
  if (!row) throw new CorralError('not-found', `container ${containerId}`)
  const { id, hostId, firstSeen, lastSeen, ...description } = row
  return { id, hostId, description, host: hub.host(hostId), listed: false }
}
