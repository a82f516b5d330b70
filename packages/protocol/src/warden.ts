import { z } from 'zod'
import { command, commandReply } from './orders.ts'
import { freezeLease } from './reports.ts'
import { cgroupId, groupPath, hostText } from './scalars.ts'

/**
 * The private channel between agent and warden: one JSON object a line over a socket pair. The warden parses every
 * line as coming from an enemy; the agent trusts what the warden says.
 */

/** Longest line either side accepts, in bytes. */
export const WARDEN_LINE_BYTES = 4 * 1024 * 1024

export const wardenRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('command'), requestId: z.uuid(), command }),
  /** Asks for what only root may see about these groups: runtime names and protection. */
  z.strictObject({
    kind: z.literal('describe'),
    requestId: z.uuid(),
    groups: z.array(z.strictObject({ cgroupId, path: groupPath })).max(4096),
  }),
])
export type WardenRequest = z.infer<typeof wardenRequest>

export const groupFacts = z.strictObject({
  cgroupId,
  /** What its runtime calls it, if that can be asked. */
  name: hostText(500).nullable(),
  image: hostText(500).nullable(),
  labels: z.record(hostText(200), hostText(500)),
  /** A runtime that only root can see behind a plain group (runc), else null. */
  runtime: z.enum(['runc', 'docker', 'podman']).nullable(),
  protection: hostText(300).nullable(),
})
export type GroupFacts = z.infer<typeof groupFacts>

export const wardenMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reply'), requestId: z.uuid(), reply: commandReply }),
  z.strictObject({ kind: z.literal('facts'), requestId: z.uuid(), groups: z.array(groupFacts) }),
  /** All running leases; sent at the start and after every change. */
  z.strictObject({ kind: z.literal('leases'), leases: z.array(freezeLease) }),
])
export type WardenMessage = z.infer<typeof wardenMessage>
