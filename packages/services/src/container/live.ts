import { CorralError, type HostId } from '@corral/domain'
import type { ContainerMessage } from '@corral/protocol'
import { z } from 'zod'
import { authorize } from '../authorize.ts'
import type { BrowserContext } from '../context.ts'
import { listKnownHosts } from '../fleet/known-hosts.ts'
import { currentBoot, type Point, toLiveContainer, toLiveHost } from '../hub/host-state.ts'
import { parse } from '../parse.ts'
import type { Services } from '../services.ts'
import { type FoundContainer, findContainer } from './find.ts'
import { containerId } from './freeze.ts'

export const liveContainerInput = z.strictObject({ containerId })

/**
 * One container as it is now, until `signal` aborts. While this runs, its host sends it in full once a second.
 * A slow reader gets the newest description and the newest point. Throws `not-found`.
 */
export async function* liveContainer(
  ctx: BrowserContext,
  input: z.input<typeof liveContainerInput>,
  signal: AbortSignal,
): AsyncGenerator<ContainerMessage, void, undefined> {
  await authorize(ctx, 'container.read', { kind: 'container', id: input.containerId })
  const { containerId } = parse(liveContainerInput, input)
  const { services, pace } = ctx
  await listKnownHosts(services)
  const found = await findContainer(services, containerId)
  const { hub } = services
  const { cgroupId } = found.description
  using _watched = hub.attention.watch(found.hostId, cgroupId)

  let shapeSeen = 0
  let pointSeen: Point | null = null
  while (!signal.aborted) {
    let said = false
    const host = hub.host(found.hostId)
    if (!host) throw new CorralError('not-found', 'its host is not known')
    if (host.shapeVersion !== shapeSeen) {
      shapeSeen = host.shapeVersion
      said = true
      yield describe(services, found, host.hostId)
      await pace(signal)
    }
    const point = currentBoot(host) === found.description.bootId ? host.points.get(cgroupId) : undefined
    if (point && point !== pointSeen) {
      pointSeen = point
      said = true
      yield { kind: 'point', ...point }
      await pace(signal)
    }
    // Nothing was awaited since the last look, so no change can slip through here.
    if (!said) await hub.changed.wait(signal)
  }
}

/** What a host lists is as it says; one that is away may still have what it had; what it dropped is gone. */
const describe = ({ hub }: Services, found: FoundContainer, hostId: HostId): ContainerMessage => {
  const host = hub.host(hostId)
  const live = hub.container(found.id)
  const gone = !live && host?.report !== null
  const known = live?.known ?? (gone ? null : { id: found.id, hostId, description: found.description })
  return {
    kind: 'container',
    container: known && toLiveContainer(known, live?.host.leases.get(known.description.cgroupId)),
    host: host ? toLiveHost(host) : null,
  }
}
