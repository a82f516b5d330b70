import { answer } from '@corral/protocol'
import type { z } from 'zod'
import { type AgentContext, requireHost } from '../context.ts'
import { parse } from '../parse.ts'
import { requireState } from './require-state.ts'

/** Takes a host's answer to one of its own orders. One that nobody waits for is noted and forgotten. */
export const takeAnswer = async (ctx: AgentContext, input: z.input<typeof answer>): Promise<{ readonly ok: true }> => {
  const hostId = requireHost(ctx)
  ctx.connection.limits.answer.take('answers')
  const said = parse(answer, input)
  const { questions } = requireState(ctx.services, hostId)
  if (!questions.answer(said))
    ctx.services.log.warn({ hostId, requestId: said.requestId, kind: said.kind }, 'an answer that nobody waits for')
  return { ok: true }
}
