import type { ContainerState, HostId } from '@corral/domain'
import type { HostFacts } from './handshake.ts'
import type { AgentCost } from './reports.ts'

/** What the dashboard streams to a browser. Sent over msgpack, so typed arrays and NaN arrive as they are. */

export interface LiveHost {
  readonly hostId: HostId
  readonly facts: HostFacts
  readonly online: boolean
  /** Unix time in seconds of the last sign of life. */
  readonly lastSeenSec: number
  readonly cost: AgentCost | null
  readonly omitted: number
}

/** One container as the fleet page knows it. */
export interface LiveContainer {
  readonly containerId: string
  readonly hostId: HostId
  readonly cgroupId: string
  readonly path: string
  readonly name: string
  readonly runtime: string
  readonly image: string | null
  readonly labels: Readonly<Record<string, string>>
  readonly protection: string | null
  readonly startedSec: number
  readonly lease: LiveLease | null
}

export interface LiveLease {
  readonly leaseId: string
  readonly actor: string
  readonly reason: string | null
  readonly sinceSec: number
  readonly untilSec: number | null
}

/**
 * - `fleet`: everything there is; first, and whenever hosts or containers changed.
 * - `tick`: newest small vectors of one host, in SMALL_VECTOR order, one container after the other.
 */
export type FleetMessage =
  | { readonly kind: 'fleet'; readonly hosts: readonly LiveHost[]; readonly containers: readonly LiveContainer[] }
  | {
      readonly kind: 'tick'
      readonly hostId: HostId
      readonly atSec: number
      readonly containerIds: readonly string[]
      readonly states: readonly ContainerState[]
      readonly values: Float32Array
      readonly cost: AgentCost
    }

/**
 * - `container`: description, host and lease; first, and whenever they changed. `container` is null once it is gone.
 * - `point`: newest full vector in METRICS order.
 */
export type ContainerMessage =
  | { readonly kind: 'container'; readonly container: LiveContainer | null; readonly host: LiveHost | null }
  | {
      readonly kind: 'point'
      readonly atSec: number
      readonly state: ContainerState
      readonly values: Float32Array
    }

/** History of one container: equally spaced points; NaN is a gap. */
export interface Series {
  readonly startSec: number
  readonly stepSec: number
  readonly points: number
  /** One array per asked metric, in the order asked. Averages over each step. */
  readonly avg: readonly Float32Array[]
  /** Largest value in each step. */
  readonly peak: readonly Float32Array[]
  /** Whether the host answered for the newest, not yet stored minutes. */
  readonly tail: 'complete' | 'host-offline'
}
