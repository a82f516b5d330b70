import { type ErrorCode, isErrorCode } from '@corral/domain'
import { z } from 'zod'
import { bootId, cgroupId, groupPath, hostText, unixSec } from './scalars.ts'

/** What the dashboard asks of an agent, and what the agent passes on to its warden. */

export const target = z.strictObject({ bootId, cgroupId, path: groupPath })
export type Target = z.infer<typeof target>

const commandBase = {
  /** Executed at most once. */
  commandId: z.uuid(),
  actor: hostText(200),
  reason: hostText(500).nullable(),
  target,
  /** How long after its arrival at the host the command may still be started, in milliseconds. */
  expiresInMs: z.number().int().min(1).max(60_000),
}

/** Longest freeze that ends by itself: 30 days. */
const LONGEST_LEASE_SEC = 30 * 86_400

const freezeCommand = z.strictObject({
  verb: z.literal('freeze'),
  ...commandBase,
  /** The host thaws after this many seconds; null: until someone thaws. */
  leaseSec: z.number().int().min(1).max(LONGEST_LEASE_SEC).nullable(),
})
const thawCommand = z.strictObject({ verb: z.literal('thaw'), ...commandBase })

export const command = z.discriminatedUnion('verb', [freezeCommand, thawCommand])
export type Command = z.infer<typeof command>

/** What a command did, read back from the kernel. */
export const commandOutcome = z.strictObject({
  /** The state the kernel confirmed. */
  state: z.enum(['frozen', 'running']),
  /** Microseconds from the write to the kernel's confirmation. */
  tookUsec: z.number().min(0),
  processes: z.number().int().min(0),
  leaseId: z.uuid().nullable(),
  untilSec: unixSec.nullable(),
  /** The kernel file that confirmed it, and what it said. */
  evidence: z.strictObject({ file: hostText(64), before: hostText(64), after: hostText(64) }),
})
export type CommandOutcome = z.infer<typeof commandOutcome>

const errorCode = z.string().refine((text): text is ErrorCode => isErrorCode(text), 'not an error code')

export const refusal = z.strictObject({ code: errorCode, detail: hostText(2000).nullable() })
export type Refusal = z.infer<typeof refusal>

export const commandReply = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), outcome: commandOutcome }),
  z.strictObject({ ok: z.literal(false), refusal }),
])
export type CommandReply = z.infer<typeof commandReply>

/**
 * What flows from the dashboard to an agent over its one subscription.
 * - `attend`: send full vectors of these containers at 1 Hz (replaces the previous set).
 * - `command`: hand this to the warden, answer with `requestId`.
 * - `tail`: answer with the points of the unsealed minutes of one container.
 */
export type Order =
  | { readonly kind: 'attend'; readonly cgroupIds: readonly string[] }
  | { readonly kind: 'command'; readonly requestId: string; readonly command: Command }
  | { readonly kind: 'tail'; readonly requestId: string; readonly cgroupId: string }

/** Whole-minute blocks that the dashboard may not have yet; the last one is still growing. */
export interface Tail {
  readonly blocks: readonly { readonly startSec: number; readonly values: Float32Array }[]
}
