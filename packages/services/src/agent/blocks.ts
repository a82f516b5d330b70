import { CorralError } from '@corral/domain'
import { blockUpload } from '@corral/protocol'
import type { z } from 'zod'
import { type AgentContext, requireHost } from '../context.ts'
import { parse } from '../parse.ts'
import { requireState } from './require-state.ts'

/**
 * Stores sealed blocks; resolves after COMMIT, so that the agent may then forget them. Sent twice is stored once.
 * Throws `database-down` (nothing is acknowledged), `bad-input` for a block of a container that was never described,
 * `too-much` beyond the caps of one agent.
 */
export const storeBlocks = async (
  ctx: AgentContext,
  input: z.input<typeof blockUpload>,
): Promise<{ readonly stored: number; readonly duplicate: number }> => {
  const hostId = requireHost(ctx)
  ctx.connection.limits.blocks.take('uploads of blocks')
  const upload = parse(blockUpload, input)
  const { database } = ctx.services
  const host = requireState(ctx.services, hostId)
  // A block may wait on its host for hours: what it says of its container may be older than what is known.
  await host.ids.ensure(database, upload.containers, { newest: false, at: new Date() })
  const rows = upload.blocks.map(({ bootId, cgroupId, startSec, values }) => {
    const containerId = host.ids.get(bootId, cgroupId)
    if (!containerId) throw new CorralError('bad-input', `a block of ${cgroupId}, which was never described`)
    return { containerId, startSec, values }
  })
  const result = await database.blocks.store(rows)
  ctx.services.upkeep.nudge()
  return result
}
