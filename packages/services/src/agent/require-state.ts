import { CorralError, type HostId } from '@corral/domain'
import type { HostState } from '../hub/host-state.ts'
import type { Services } from '../services.ts'

/** What is held of a host whose connection is proved. */
export const requireState = ({ hub }: Services, hostId: HostId): HostState => {
  const host = hub.host(hostId)
  if (!host) throw new CorralError('internal', 'a proved connection without a host')
  return host
}
