import type { FleetMessage, LiveContainer, LiveHost } from '@corral/protocol'
import { authorize } from '../authorize.ts'
import type { BrowserContext } from '../context.ts'
import { type HostState, toLiveContainer, toLiveHost } from '../hub/host-state.ts'
import type { Hub } from '../hub/hub.ts'
import { pause } from '../hub/signal.ts'
import { listKnownHosts } from './known-hosts.ts'

/** Shortest time between two messages that hold everything; larger fleets wait longer. */
const SHORTEST_FLEET_MS = 100
const FLEET_MS_PER_CONTAINER = 0.1

/** How much of a host a reader has seen. */
interface Seen {
  readonly shape: number
  readonly tick: number
}

/**
 * The whole fleet as it is now, until `signal` aborts: first everything, then what changed. Of several changes that
 * a reader did not take in time it gets the newest only.
 */
export async function* liveFleet(
  ctx: BrowserContext,
  signal: AbortSignal,
): AsyncGenerator<FleetMessage, void, undefined> {
  await authorize(ctx, 'fleet.read', { kind: 'fleet' })
  const { services, pace } = ctx
  const { hub } = services
  await listKnownHosts(services)

  let seen = new Map<HostState, Seen>()
  let fleetAtMs = Number.NEGATIVE_INFINITY
  let fleetEveryMs = SHORTEST_FLEET_MS
  while (!signal.aborted) {
    let said = false
    if (isReshaped(hub, seen) || fleetAtMs === Number.NEGATIVE_INFINITY) {
      await pause(fleetAtMs + fleetEveryMs - performance.now(), signal)
      seen = new Map([...hub.hosts()].map((host) => [host, { shape: host.shapeVersion, tick: tickOf(seen, host) }]))
      const fleet = wholeFleet(hub)
      fleetAtMs = performance.now()
      fleetEveryMs = Math.max(SHORTEST_FLEET_MS, fleet.containers.length * FLEET_MS_PER_CONTAINER)
      said = true
      yield fleet
      await pace(signal)
    }
    for (const [host, { shape, tick }] of seen) {
      const message = tickMessage(host, tick)
      if (!message) continue
      seen.set(host, { shape, tick: host.tickVersion })
      said = true
      yield message
      await pace(signal)
    }
    // Nothing was awaited since the last look, so no change can slip through here.
    if (!said) await hub.changed.wait(signal)
  }
}

const tickOf = (seen: ReadonlyMap<HostState, Seen>, host: HostState): number => seen.get(host)?.tick ?? 0

const isReshaped = (hub: Hub, seen: ReadonlyMap<HostState, Seen>): boolean => {
  for (const host of hub.hosts()) if (seen.get(host)?.shape !== host.shapeVersion) return true
  return false
}

const wholeFleet = (hub: Hub): Extract<FleetMessage, { kind: 'fleet' }> => {
  const hosts: LiveHost[] = []
  const containers: LiveContainer[] = []
  for (const host of hub.hosts()) {
    hosts.push(toLiveHost(host))
    for (const known of host.containers.values())
      containers.push(toLiveContainer(known, host.leases.get(known.description.cgroupId)))
  }
  return { kind: 'fleet', hosts, containers }
}

/** The newest values of a host that is connected; what one said before it went away is not *now*. */
const tickMessage = (host: HostState, seen: number): FleetMessage | null =>
  host.tick === null || host.cost === null || host.connection === null || host.tickVersion === seen
    ? null
    : { kind: 'tick', hostId: host.hostId, ...host.tick, cost: host.cost }
