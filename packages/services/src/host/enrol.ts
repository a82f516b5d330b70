import { createHash } from 'node:crypto'
import { CorralError } from '@corral/domain'
import { type EnrolResult, enrolInput } from '@corral/protocol'
import type { z } from 'zod'
import type { AgentContext } from '../context.ts'
import { parse } from '../parse.ts'

/** What is stored of a token: its SHA-256. A token has 256 random bits, so nothing slower is needed. */
export const hashToken = (token: string): Uint8Array => new Uint8Array(createHash('sha256').update(token).digest())

/** Uses a token up and makes the host it is for. Throws `bad-token` whatever is wrong with it. */
export const enrolHost = async (ctx: AgentContext, input: z.input<typeof enrolInput>): Promise<EnrolResult> => {
  const { services, connection } = ctx
  connection.limits.enrol.take('enrolments')
  services.enrolments.take('enrolments')
  const { token, publicKey, facts } = parse(enrolInput, input)
  const newHost = { name: facts.name, publicKey: Uint8Array.from(publicKey), facts }
  const host = await services.database.tokens.redeemForHost(hashToken(token), newHost, new Date())
  if (!host) throw new CorralError('bad-token')
  services.hub.learn([host])
  services.log.info({ hostId: host.id, name: host.name }, 'host enrolled')
  return { hostId: host.id, dashboardKey: services.keys.publicKey }
}
