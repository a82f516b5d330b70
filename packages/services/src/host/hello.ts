import { randomBytes } from 'node:crypto'
import { CorralError } from '@corral/domain'
import { type HelloResult, helloInput, PROTOCOL_VERSION, transcriptBytes } from '@corral/protocol'
import type { z } from 'zod'
import type { AgentContext } from '../context.ts'
import { parse } from '../parse.ts'

/**
 * First half of the handshake: proves the dashboard to whoever says which host they are. Whether that host exists
 * is not told before the other side has proved to be it. Throws `wrong-version`.
 */
export const helloHost = async (ctx: AgentContext, input: z.input<typeof helloInput>): Promise<HelloResult> => {
  const { connection, services } = ctx
  if (connection.hostId !== null) throw new CorralError('bad-proof', 'This connection is proved already.')
  connection.limits.hello.take('handshakes')
  const { hostId, agentNonce, version } = parse(helloInput, input)
  if (version !== PROTOCOL_VERSION)
    throw new CorralError('wrong-version', `agent ${version}, dashboard ${PROTOCOL_VERSION}`)
  const greeting = {
    hostId,
    agentNonce: Uint8Array.from(agentNonce),
    dashboardNonce: new Uint8Array(randomBytes(32)),
  }
  connection.greeting = greeting
  const dashboardKey = services.keys.publicKey
  const bytes = transcriptBytes({ side: 'dashboard', dashboardKey, ...greeting })
  return { dashboardNonce: greeting.dashboardNonce, signature: services.keys.sign(bytes) }
}
