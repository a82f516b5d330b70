import { z } from 'zod'
import { authorize } from '../authorize.ts'
import type { BrowserContext } from '../context.ts'
import { parse } from '../parse.ts'
import { type InterventionResult, intervene } from './intervene.ts'

/** Longest freeze that ends by itself: 30 days. */
const LONGEST_LEASE_SEC = 30 * 86_400

/** Why someone acts, in their words; shown to people, never interpreted. */
export const reason = z.string().trim().max(500).nullish()
export const containerId = z.string().max(20)

export const freezeInput = z.strictObject({
  containerId,
  reason,
  /** The host thaws after this many seconds; null: until someone thaws. */
  leaseSec: z.number().int().min(1).max(LONGEST_LEASE_SEC).nullable(),
})

/** Freezes a container; resolves once its kernel confirmed that every process of it stands still. */
export const freezeContainer = async (
  ctx: BrowserContext,
  input: z.input<typeof freezeInput>,
): Promise<InterventionResult> => {
  const session = await authorize(ctx, 'container.freeze', { kind: 'container', id: input.containerId })
  const asked = parse(freezeInput, input)
  return await intervene(ctx.services, session, asked.containerId, {
    verb: 'freeze',
    reason: asked.reason || null,
    leaseSec: asked.leaseSec,
  })
}
