import type { FreezeState, LayoutKind } from '@corral/cgroups'
import type { BootId, ErrorCode } from '@corral/domain'
import type { Command } from '@corral/protocol'

/** What is known when a command's turn has come, before its target is opened. */
export interface Circumstances {
  readonly bootId: BootId
  readonly alreadyExecuted: boolean
  /** Whether the warden has begun to give back what it holds. */
  readonly stopping: boolean
  /** Milliseconds of a clock that does not step. */
  readonly arrivedMs: number
  readonly nowMs: number
}

/** What the kernel says about the opened target, and what we hold there. */
export interface TargetFacts {
  /** Asked to be frozen in the tree that we freeze in, by us or by someone else. */
  readonly ownFreeze: boolean
  readonly frozenAncestor: string | null
  /** Frozen through a freezer that we do not use on this host. */
  readonly foreignFreezer: boolean
  readonly leaseHeld: boolean
}

export interface Decision {
  readonly code: ErrorCode
  readonly detail: string | null
}

const refuse = (code: ErrorCode, detail: string | null = null): Decision => ({ code, detail })

/**
 * Whether a command may be started at all; null: yes. Replays are refused before anything else, so that the
 * answer to a repeated command never depends on time.
 */
export const decideStart = (command: Command, seen: Circumstances): Decision | null => {
  if (seen.alreadyExecuted) return refuse('command-repeated')
  if (seen.nowMs - seen.arrivedMs >= command.expiresInMs) return refuse('command-expired')
  if (command.target.bootId !== seen.bootId) return refuse('stale-target', 'The host has restarted since.')
  if (seen.stopping) return refuse('host-offline', 'The warden is stopping and gives back what it holds.')
  return null
}

/**
 * Which freezer froze a group. On pure v1 the one v1 freezer is also ours: what it says is `ownFreeze`, and only the
 * lease tells whose it is. Elsewhere we freeze through cgroup2, and a v1 freezer is always someone else's.
 */
export const freezersOf = (kind: LayoutKind, state: FreezeState): Pick<TargetFacts, 'ownFreeze' | 'foreignFreezer'> =>
  kind === 'v1'
    ? { ownFreeze: state.own || state.foreign !== null, foreignFreezer: false }
    : { ownFreeze: state.own, foreignFreezer: state.foreign !== null }

/** Whether a command may be carried out on its opened and unprotected target; null: yes. */
export const decideTarget = (command: Command, facts: TargetFacts): Decision | null => {
  if (facts.foreignFreezer) return refuse('foreign-freeze', 'Frozen through the v1 freezer.')
  if (facts.ownFreeze && !facts.leaseHeld) return refuse('foreign-freeze')
  switch (command.verb) {
    case 'freeze':
      return null
    case 'thaw':
      // Thawing below a frozen ancestor lifts our own freeze, yet nothing would run: say so instead.
      return facts.frozenAncestor === null ? null : refuse('frozen-ancestor', facts.frozenAncestor)
  }
}
