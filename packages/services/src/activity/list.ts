import type { InterventionRow } from '@corral/db'
import { CorralError, isContainerId } from '@corral/domain'
import { z } from 'zod'
import { authorize } from '../authorize.ts'
import { containerId } from '../container/freeze.ts'
import type { BrowserContext } from '../context.ts'
import { parse } from '../parse.ts'

export const activityInput = z.strictObject({
  /** Only what was done to this container; absent: to any. */
  containerId: containerId.nullish(),
  limit: z.number().int().min(1).max(200),
})

/** Something that someone did or tried, and how it ended. */
export interface ActivityEntry {
  readonly id: string
  /** Unix time in seconds. */
  readonly atSec: number
  readonly actor: string
  readonly verb: string
  readonly containerId: string | null
  /** As it was called then. */
  readonly containerName: string | null
  readonly reason: string | null
  readonly status: InterventionRow['status']
  readonly code: InterventionRow['code']
  readonly detail: string | null
  /** Microseconds in the kernel. */
  readonly tookUsec: number | null
}

/** Who did what and how it ended, newest first. */
export const listActivity = async (
  ctx: BrowserContext,
  input: z.input<typeof activityInput>,
): Promise<readonly ActivityEntry[]> => {
  const id = input.containerId ?? null
  await authorize(ctx, 'activity.read', id === null ? { kind: 'fleet' } : { kind: 'container', id })
  const { limit } = parse(activityInput, input)
  if (id !== null && !isContainerId(id)) throw new CorralError('not-found', 'no container has such an id')
  const rows = await ctx.services.database.interventions.list({ containerId: id, limit })
  return rows.map((row) => ({
    id: row.id,
    atSec: row.at.getTime() / 1000,
    actor: row.actor,
    verb: row.verb,
    containerId: row.containerId,
    containerName: row.containerName,
    reason: row.reason,
    status: row.status,
    code: row.code,
    detail: row.detail,
    tookUsec: row.tookUsec,
  }))
}
