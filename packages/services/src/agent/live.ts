import {
  CONTAINER_STATES,
  type ContainerId,
  type ContainerState,
  METRIC_COUNT,
  SMALL_VECTOR_LENGTH,
} from '@corral/domain'
import { type LiveReport, liveReport } from '@corral/protocol'
import type { z } from 'zod'
import { type AgentContext, requireHost } from '../context.ts'
import { currentBoot, type HostState, type Tick } from '../hub/host-state.ts'
import { parse } from '../parse.ts'
import type { Services } from '../services.ts'
import { requireState } from './require-state.ts'

/** How often the database hears that a connected host and its containers are still there. */
const TOUCH_MS = 60_000

/** Takes the newest values of a host's containers. Nothing is kept but the newest. */
export const reportLive = async (
  ctx: AgentContext,
  input: z.input<typeof liveReport>,
): Promise<{ readonly ok: true }> => {
  const hostId = requireHost(ctx)
  ctx.connection.limits.live.take('live reports')
  const report = parse(liveReport, input)
  const { services } = ctx
  const host = requireState(services, hostId)
  host.lastSeenMs = Date.now()
  host.cost = report.cost
  touch(services, host)
  // Values of a boot that no inventory has described yet belong to nothing that is known.
  if (currentBoot(host) !== report.bootId) return { ok: true }
  if (report.full) takePoints(services, host, report)
  else {
    host.tick = toTick(host, report)
    host.tickVersion += 1
  }
  services.hub.changed.raise()
  return { ok: true }
}

const stateAt = (report: LiveReport, at: number): ContainerState => CONTAINER_STATES[report.states[at] ?? 0] ?? 'gone'

const takePoints = ({ hub }: Services, host: HostState, report: LiveReport): void => {
  for (const [at, cgroupId] of report.ids.entries()) {
    if (!hub.attention.isWatched(host.hostId, cgroupId)) continue
    // A copy: the report's values lie in the frame they came in, which would be kept alive by one point of it.
    const values = report.values.slice(at * METRIC_COUNT, (at + 1) * METRIC_COUNT)
    host.points.set(cgroupId, { atSec: report.atSec, state: stateAt(report, at), values })
  }
}

const toTick = (host: HostState, report: LiveReport): Tick => {
  const containerIds: ContainerId[] = []
  const states: ContainerState[] = []
  const values = new Float32Array(report.ids.length * SMALL_VECTOR_LENGTH)
  for (const [at, cgroupId] of report.ids.entries()) {
    const known = host.containers.get(cgroupId)
    if (!known) continue
    const from = at * SMALL_VECTOR_LENGTH
    values.set(report.values.subarray(from, from + SMALL_VECTOR_LENGTH), containerIds.length * SMALL_VECTOR_LENGTH)
    containerIds.push(known.id)
    states.push(stateAt(report, at))
  }
  return {
    atSec: report.atSec,
    containerIds,
    states,
    values: values.slice(0, containerIds.length * SMALL_VECTOR_LENGTH),
  }
}

/** Nobody waits for this: if the database is away, the next minute tells it. */
const touch = (services: Services, host: HostState): void => {
  const { database, log } = services
  if (host.lastSeenMs - host.touchedMs < TOUCH_MS) return
  host.touchedMs = host.lastSeenMs
  const at = new Date(host.lastSeenMs)
  Promise.all([
    database.hosts.touch(host.hostId, null, at),
    host.ids.ensure(database, host.report?.containers ?? [], { newest: true, at }),
  ]).catch((error: unknown) => log.debug({ hostId: host.hostId, err: error }, 'the host could not be noted as seen'))
}
