import type {
  BootId,
  CgroupId,
  ContainerDescription,
  ContainerId,
  ContainerState,
  FreezeLease,
  HostId,
} from '@corral/domain'
import type { AgentCost, HostFacts, InventoryReport, LiveContainer, LiveHost } from '@corral/protocol'
import type { AgentConnection } from './connection.ts'
import { type ContainerIds, createContainerIds } from './container-ids.ts'
import { createQuestions, type Questions } from './questions.ts'

/** The newest small vectors of one host's containers. */
export interface Tick {
  /** Unix time of the tick in seconds, by the host's clock. */
  readonly atSec: number
  readonly containerIds: readonly ContainerId[]
  readonly states: readonly ContainerState[]
  /** `SMALL_VECTOR_LENGTH` values per container. */
  readonly values: Float32Array
}

/** The newest full vector of one container. */
export interface Point {
  readonly atSec: number
  readonly state: ContainerState
  /** `METRIC_COUNT` values. */
  readonly values: Float32Array
}

export interface KnownContainer {
  readonly id: ContainerId
  readonly hostId: HostId
  readonly description: ContainerDescription
}

/** Everything the dashboard holds in memory of one host: what its agent said last. */
export interface HostState {
  readonly hostId: HostId
  facts: HostFacts
  connection: AgentConnection | null
  lastSeenMs: number
  /** When the database last heard that it was seen. */
  touchedMs: number
  report: InventoryReport | null
  /** What of the report has an id, by inode. */
  containers: ReadonlyMap<CgroupId, KnownContainer>
  leases: ReadonlyMap<CgroupId, FreezeLease>
  cost: AgentCost | null
  tick: Tick | null
  readonly points: Map<CgroupId, Point>
  readonly ids: ContainerIds
  readonly questions: Questions
  /** Raised by one whenever hosts, containers or leases changed. */
  shapeVersion: number
  /** Raised by one at every tick. */
  tickVersion: number
}

export const createHostState = (hostId: HostId, facts: HostFacts, lastSeenMs: number): HostState => ({
  hostId,
  facts,
  connection: null,
  lastSeenMs,
  touchedMs: 0,
  report: null,
  containers: new Map(),
  leases: new Map(),
  cost: null,
  tick: null,
  points: new Map(),
  ids: createContainerIds(hostId),
  questions: createQuestions(),
  shapeVersion: 1,
  tickVersion: 0,
})

/** The boot that the host's agent reports from; null before its first report. */
export const currentBoot = (host: HostState): BootId | null => host.report?.bootId ?? null

export const toLiveHost = (host: HostState): LiveHost => ({
  hostId: host.hostId,
  facts: host.facts,
  online: host.connection !== null,
  lastSeenSec: host.lastSeenMs / 1000,
  cost: host.cost,
  omitted: host.report?.omitted ?? 0,
})

export const toLiveContainer = (
  { id, hostId, description }: KnownContainer,
  lease: FreezeLease | undefined,
): LiveContainer => ({
  containerId: id,
  hostId,
  cgroupId: description.cgroupId,
  path: description.path,
  name: description.name,
  runtime: description.runtime,
  image: description.image,
  labels: description.labels,
  protection: description.protection,
  startedSec: description.startedSec,
  lease: lease
    ? {
        leaseId: lease.leaseId,
        actor: lease.actor,
        reason: lease.reason,
        sinceSec: lease.sinceSec,
        untilSec: lease.untilSec,
      }
    : null,
})
