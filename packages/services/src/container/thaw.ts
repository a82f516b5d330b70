import { z } from 'zod'
import { authorize } from '../authorize.ts'
import type { BrowserContext } from '../context.ts'
import { parse } from '../parse.ts'
import { containerId, reason } from './freeze.ts'
import { type InterventionResult, intervene } from './intervene.ts'

export const thawInput = z.strictObject({ containerId, reason })

/** Thaws a container that Corral froze; resolves once its kernel confirmed that it runs. */
export const thawContainer = async (
  ctx: BrowserContext,
  input: z.input<typeof thawInput>,
): Promise<InterventionResult> => {
  const session = await authorize(ctx, 'container.thaw', { kind: 'container', id: input.containerId })
  const asked = parse(thawInput, input)
  return await intervene(ctx.services, session, asked.containerId, { verb: 'thaw', reason: asked.reason || null })
}
