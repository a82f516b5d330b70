import type { BootId, CgroupId, GroupPath } from './identity.ts'
import type { Runtime } from './runtimes.ts'

/** How a container stands, as the kernel says; `freezing` is asked for but not yet complete; `gone` has no group. */
export const CONTAINER_STATES = ['running', 'frozen', 'freezing', 'empty', 'gone'] as const
export type ContainerState = (typeof CONTAINER_STATES)[number]

/** What an agent tells about one container: its identity and its descriptions. */
export interface ContainerDescription {
  readonly bootId: BootId
  readonly cgroupId: CgroupId
  readonly path: GroupPath
  /** What people call it: the runtime's name, else the last segment of the path; escaped by `escapeBytes`. */
  readonly name: string
  readonly runtime: Runtime
  /** The runtime's image, if known. */
  readonly image: string | null
  readonly labels: Readonly<Record<string, string>>
  /** Why nobody may freeze or limit it, or null if they may. */
  readonly protection: string | null
  /** Unix time in seconds when the group was made, as near as the host knows. */
  readonly startedSec: number
}

/** A freeze that the host will take back: at its end the warden thaws. */
export interface FreezeLease {
  readonly leaseId: string
  readonly cgroupId: CgroupId
  readonly actor: string
  readonly reason: string | null
  /** Unix time in seconds. */
  readonly sinceSec: number
  /** Unix time in seconds when the host thaws; null: until someone thaws. */
  readonly untilSec: number | null
}
