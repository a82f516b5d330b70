import type { BootId, ErrorCode } from '@corral/domain'
import type { Command } from '@corral/protocol'

/** What is known when a command's turn has come, before its target is opened. */
export interface Circumstances {
  readonly bootId: BootId
  readonly alreadyExecuted: boolean
  /** Monotonic milliseconds. */
  readonly arrivedMs: number
  readonly nowMs: number
}

/** What the kernel says about the opened target, and what we hold there. */
export interface TargetFacts {
  readonly protection: string | null
  readonly ownFreeze: boolean
  readonly frozenAncestor: string | null
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
 * answer to a repeated command never depends on time. The host's policy file is judged here.
 */
export const decideStart = (command: Command, seen: Circumstances): Decision | null => {
  if (seen.alreadyExecuted) return refuse('command-repeated')
  if (seen.nowMs - seen.arrivedMs >= command.expiresInMs) return refuse('command-expired')
  if (command.target.bootId !== seen.bootId) return refuse('stale-target', 'The host has restarted since.')
  return null
}

/** Whether a command may be carried out on its opened target; null: yes. */
export const decideTarget = (command: Command, facts: TargetFacts): Decision | null => {
  if (facts.protection !== null) return refuse('protected-target', facts.protection)
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
