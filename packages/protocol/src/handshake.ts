import { z } from 'zod'
import { hostId, hostText, nonce, publicKey, signature } from './scalars.ts'
import { PROTOCOL_VERSION } from './version.ts'

/**
 * How an agent and a dashboard come to trust each other. Both prove an ed25519 key over what both sides chose
 * afresh, at every connection:
 *
 *   agent                                     dashboard
 *   hello  {hostId, agentNonce, version} ──▶
 *          ◀── {dashboardNonce, signature over transcript('dashboard')}   checked against the pinned key
 *   prove  {signature over transcript('agent')} ──▶                       checked against the enrolled key
 *
 * Enrolment happens once: the agent sends a single-use token and its public key, and pins the key it gets back.
 */

export const hostFacts = z.strictObject({
  name: hostText(253),
  kernel: hostText(128),
  layout: z.enum(['v2', 'v1', 'hybrid']),
  cpus: z.number().int().min(1).max(65_536),
  memoryBytes: z.number().int().min(0),
  version: hostText(32),
  /** Whether a warden is there to act. */
  canAct: z.boolean(),
  /** Why not, in words for people. */
  whyNot: hostText(500).nullable(),
})
export type HostFacts = z.infer<typeof hostFacts>

export const enrolInput = z.strictObject({
  token: z.string().min(20).max(200),
  publicKey,
  facts: hostFacts,
})
export const helloInput = z.strictObject({ hostId, agentNonce: nonce, version: z.number().int() })
export const proveInput = z.strictObject({ signature, facts: hostFacts })

export interface EnrolResult {
  readonly hostId: string
  readonly dashboardKey: Uint8Array
}
export interface HelloResult {
  readonly dashboardNonce: Uint8Array
  readonly signature: Uint8Array
}

export type HandshakeSide = 'agent' | 'dashboard'

export interface Transcript {
  readonly side: HandshakeSide
  readonly hostId: string
  readonly agentNonce: Uint8Array
  readonly dashboardNonce: Uint8Array
  readonly dashboardKey: Uint8Array
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))

/** The bytes a side signs: purpose, version, ids and both nonces, each of fixed length or length-prefixed. */
export const transcriptBytes = (transcript: Transcript): Uint8Array => {
  const head = ascii(`corral agent link ${PROTOCOL_VERSION} ${transcript.side}\n${transcript.hostId}\n`)
  const parts = [head, transcript.dashboardKey, transcript.agentNonce, transcript.dashboardNonce]
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
