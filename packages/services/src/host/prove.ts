import { createPublicKey, verify } from 'node:crypto'
import { CorralError } from '@corral/domain'
import { proveInput, transcriptBytes } from '@corral/protocol'
import type { z } from 'zod'
import type { AgentContext } from '../context.ts'
import { parse } from '../parse.ts'

/** Checks an ed25519 signature against a raw public key of 32 bytes. A key that is none verifies nothing. */
export const isSigned = (bytes: Uint8Array, publicKey: Uint8Array, signature: Uint8Array): boolean => {
  const x = Buffer.from(publicKey).toString('base64url')
  try {
    return verify(null, bytes, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature)
  } catch {
    return false
  }
}

/**
 * Second half of the handshake: the agent proves to be the host it named at `hello`. From here on the connection is
 * that host's. What both sides chose is used up by the first try, so nothing can be replayed or tried again.
 */
export const proveHost = async (
  ctx: AgentContext,
  input: z.input<typeof proveInput>,
): Promise<{ readonly ok: true }> => {
  const { connection, services } = ctx
  const { greeting } = connection
  connection.greeting = null
  const { signature, facts } = parse(proveInput, input)
  if (!greeting) throw new CorralError('bad-proof', 'Say hello first.')
  const host = await services.database.hosts.find(greeting.hostId)
  const bytes = transcriptBytes({ side: 'agent', dashboardKey: services.keys.publicKey, ...greeting })
  if (!host || !isSigned(bytes, host.publicKey, signature)) {
    services.log.warn({ hostId: greeting.hostId }, 'an agent could not prove which host it is')
    throw new CorralError('bad-proof')
  }
  await services.database.hosts.touch(host.id, facts, new Date())
  services.hub.attach(connection, host.id, facts)
  services.log.info({ hostId: host.id, name: facts.name, version: facts.version }, 'host connected')
  return { ok: true }
}
