import type { BootId, CgroupId, GroupPath } from '@corral/domain'

/** `v2`: one unified tree. `v1`: one tree per controller. `hybrid`: v1 trees beside a cgroup2 tree. */
export type LayoutKind = 'v2' | 'v1' | 'hybrid'

/** One mounted hierarchy, seen from its root. */
export interface Hierarchy {
  readonly mount: string
  readonly version: 1 | 2
  /** v2: `cgroup.controllers` of the root. v1: what it was mounted with, `['cpu', 'cpuacct']` or `['name=systemd']`. */
  readonly controllers: readonly string[]
}

/** What this host offers; features ask this record, never the kernel's version. */
export interface HostLayout {
  readonly kind: LayoutKind
  /** The tree that is walked and that gives groups their identity: cgroup2, else `name=systemd`, else the freezer. */
  readonly primary: Hierarchy
  /** Where each controller is. `freezer` is v1's alone: cgroup2 freezes without a controller. */
  readonly byController: ReadonlyMap<string, Hierarchy>
  /** Pressure per group. `off`: the kernel has it but was started with `psi=0`. */
  readonly pressure: 'available' | 'off' | 'absent'
  readonly bootId: BootId
  /** What cannot be measured or controlled here, and why. */
  readonly missing: readonly { readonly what: string; readonly reason: string }[]
  /** Where procfs is mounted. */
  readonly procRoot: string
}

/** One group of the primary hierarchy. */
export interface GroupEntry {
  readonly cgroupId: CgroupId
  readonly path: GroupPath
  /** The group above; null for the root. */
  readonly parentId: CgroupId | null
  /** 0 for the root. */
  readonly depth: number
  /** Whether processes are in the group itself, not only below it. */
  readonly ownProcesses: boolean
  /** Whether processes are in the group or below it. */
  readonly populated: boolean
  /** Unix time in seconds when the group was made, as near as the host knows. */
  readonly createdSec: number
}

/** Which group is meant: its identity, and the path where it was seen. */
export interface GroupTarget {
  readonly cgroupId: CgroupId
  readonly path: GroupPath
}

/** How a group stands as to freezing, in the tree that Corral freezes in. */
export interface FreezeState {
  /** The group itself is asked to be frozen. */
  readonly own: boolean
  /** Everything in it stands still, through its own freeze or that of a group above. */
  readonly effective: boolean
  /** The nearest group above that is asked to be frozen. */
  readonly frozenAncestor: GroupPath | null
  /** On hybrid hosts: someone froze its processes through the v1 freezer. */
  readonly foreign: 'v1-freezer' | null
}

export interface FreezeOptions {
  /** Longest wait for the kernel's confirmation, in milliseconds. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal
}

/** A freeze or thaw that the kernel confirmed. */
export interface FreezeOutcome {
  /** Microseconds from the write to the confirmation. */
  readonly tookUsec: number
  /** Processes in the group and below it. */
  readonly processes: number
  /** The file that confirmed it, and what it said before and after. */
  readonly evidence: { readonly file: string; readonly before: string; readonly after: string }
}

/** One tick of all groups: a view into the sampler's memory, valid until its next `sample()`. */
export interface Sample {
  readonly count: number
  readonly cgroupIds: readonly CgroupId[]
  /** Index into `CONTAINER_STATES`, one per group. */
  readonly states: Uint8Array
  /** `count × METRIC_COUNT` values, one group after the other; NaN where nothing could be measured. */
  readonly values: Float32Array
  readonly monotonicNs: bigint
}

export interface Sampler extends Disposable {
  /** Replaces the set of groups to measure; those that stay go on without a gap. */
  sync(groups: readonly GroupEntry[]): void
  sample(): Sample
}
