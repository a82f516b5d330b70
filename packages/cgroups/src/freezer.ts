import { openFreezerV1 } from './freezer-v1.ts'
import { openFreezerV2 } from './freezer-v2.ts'
import type { GroupHandle } from './handle.ts'

/** What freezing needs of a tree; cgroup2 and v1 each have one. All of it may throw as the handle's file calls do. */
export interface Freezer extends Disposable {
  /** The file that says how the group stands, and what it says. */
  readonly file: string
  says(): string
  /** Everything in the group stands still. */
  isFrozen(): boolean
  /** The group itself is asked to be frozen. */
  isAsked(): boolean
  /** A group above is asked to be frozen: this one stays as it is whatever it is asked. */
  isHeldFromAbove(): boolean
  ask(frozen: boolean): void
  /** Called between looks while freezing, for a kernel that wants to be asked again. */
  insist(mayLetGo: boolean): void
  /** Blocks for at most `ms`, less when the kernel announces a change. */
  wait(ms: number): void
  /** Kernel functions that a frozen thread waits in. */
  readonly frozenIn: readonly string[]
  /** Processes concerned. */
  processes(): number[]
}

/** Throws `CorralError('kernel-refused')` when the group cannot be frozen here. */
export const openFreezer = (handle: GroupHandle): Freezer =>
  handle.layout.primary.version === 2 ? openFreezerV2(handle) : openFreezerV1(handle)
