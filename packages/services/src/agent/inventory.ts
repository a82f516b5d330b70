import type { CgroupId } from '@corral/domain'
import { CorralError } from '@corral/domain'
import { inventoryReport } from '@corral/protocol'
import type { z } from 'zod'
import { type AgentContext, requireHost } from '../context.ts'
import { currentBoot, type HostState, type KnownContainer } from '../hub/host-state.ts'
import { parse } from '../parse.ts'
import type { Services } from '../services.ts'
import { requireState } from './require-state.ts'

/** How soon ids are asked for again after the database was away. */
const RETRY_MS = 2000

/**
 * Takes the full set of containers and leases that are on the host now. Containers appear as soon as they have an
 * id; while the database is away, new ones wait and those known before go on.
 */
export const reportInventory = async (
  ctx: AgentContext,
  input: z.input<typeof inventoryReport>,
): Promise<{ readonly ok: true }> => {
  const hostId = requireHost(ctx)
  ctx.connection.limits.inventory.take('inventories')
  const report = parse(inventoryReport, input)
  const { services } = ctx
  const host = requireState(services, hostId)
  host.lastSeenMs = Date.now()
  if (currentBoot(host) !== report.bootId) {
    // The same inode after a restart is another container.
    host.points.clear()
    host.tick = null
  }
  host.report = report
  host.leases = new Map(report.leases.map((lease) => [lease.cgroupId, lease]))
  show(services, host)
  await identify(services, host)
  return { ok: true }
}

/** Gives every container of the newest report an id, now or as soon as the database is back. */
const identify = async (services: Services, host: HostState): Promise<void> => {
  const { report } = host
  if (!report) return
  try {
    await host.ids.ensure(services.database, report.containers, { newest: true, at: new Date() })
  } catch (error) {
    if (!(error instanceof CorralError) || error.code !== 'database-down') throw error
    services.log.warn({ hostId: host.hostId, err: error }, 'new containers wait for the database')
    const timer = setTimeout(() => {
      if (host.report !== report || host.connection === null) return
      identify(services, host).catch((again: unknown) => services.log.error({ err: again }, 'containers got no id'))
    }, RETRY_MS)
    timer.unref()
    return
  }
  // A newer report may have come meanwhile; it is the one that is shown, with the ids there are.
  show(services, host)
}

const show = (services: Services, host: HostState): void => {
  const containers = new Map<CgroupId, KnownContainer>()
  for (const description of host.report?.containers ?? []) {
    const id = host.ids.get(description.bootId, description.cgroupId)
    if (id) containers.set(description.cgroupId, { id, hostId: host.hostId, description })
  }
  services.hub.reshape(host, containers)
}
