import { randomBytes } from 'node:crypto'
import { CorralError, type ErrorCode, isErrorCode } from '@corral/domain'
import { type HostFacts, hostId, PROTOCOL_VERSION } from '@corral/protocol'
import { TRPCClientError } from '@trpc/client'
import { readIfThere, unlinkIfThere } from '../shared/files.ts'
import { type Enrolment, type Identity, readEnrolment, saveEnrolment, verifyDashboard } from './identity.ts'
import type { Dashboard } from './link.ts'

export interface HandshakeNeeds {
  readonly home: string
  readonly tokenFile: string | null
  readonly identity: Identity
  readonly facts: () => HostFacts
}

/** The permanent code of an error that the dashboard or we ourselves gave; null: something without one. */
export const codeOf = (error: unknown): ErrorCode | null => {
  if (error instanceof CorralError) return error.code
  if (!(error instanceof TRPCClientError)) return null
  const data: unknown = error.data
  if (typeof data !== 'object' || data === null || !('corral' in data)) return null
  const { corral } = data
  if (typeof corral !== 'object' || corral === null || !('code' in corral)) return null
  return typeof corral.code === 'string' && isErrorCode(corral.code) ? corral.code : null
}

const readToken = (needs: HandshakeNeeds): string | null => {
  const token = needs.tokenFile === null ? null : readIfThere(needs.tokenFile)?.trim()
  return token ? token : null
}

/** What the dashboard says is bytes of this length, or no proof. */
const bytesOf = (value: unknown, length: number): Uint8Array<ArrayBuffer> => {
  if (value instanceof Uint8Array && value.length === length) return new Uint8Array(value)
  throw new CorralError('bad-proof', `The dashboard answered something that is not ${length} bytes.`)
}

const enrol = async (needs: HandshakeNeeds, dashboard: Dashboard, token: string): Promise<Enrolment> => {
  const { identity, facts, home } = needs
  const result = await dashboard.link.enrol.mutate({ token, publicKey: identity.publicKey, facts: facts() })
  const enrolment = { hostId: hostId.parse(result.hostId), dashboardKey: bytesOf(result.dashboardKey, 32) }
  saveEnrolment(home, enrolment)
  return enrolment
}

/**
 * One proof of both sides. The dashboard proves itself first, against the key that was pinned at enrolment; only then
 * it hears our own proof. Throws `bad-proof` of our own, or what the dashboard refused.
 */
const proveBoth = async (needs: HandshakeNeeds, dashboard: Dashboard, enrolment: Enrolment): Promise<void> => {
  const agentNonce = new Uint8Array(randomBytes(32))
  const { hostId: id } = enrolment
  const said = await dashboard.link.hello.mutate({ hostId: id, agentNonce, version: PROTOCOL_VERSION })
  const shared = { ...enrolment, agentNonce, dashboardNonce: bytesOf(said.dashboardNonce, 32) }
  verifyDashboard({ ...shared, side: 'dashboard' }, bytesOf(said.signature, 64))
  const signature = needs.identity.sign({ ...shared, side: 'agent' })
  try {
    await dashboard.link.prove.mutate({ signature, facts: needs.facts() })
  } catch (error) {
    throw isUnknownHost(error) ? new UnknownHost(error) : error
  }
}

/** The dashboard, which did prove itself, does not know this host with this key: its database is new. */
class UnknownHost extends Error {
  constructor(cause: unknown) {
    super('The dashboard does not know this host.', { cause })
  }
}
const isUnknownHost = (error: unknown): boolean => codeOf(error) === 'not-found' || codeOf(error) === 'bad-proof'

/**
 * Enrols if need be, then proves both sides to each other. A token at hand is the operator's word to enrol again, but
 * only where the pinned dashboard says that it does not know us: one whose database is down, or that fails *our*
 * check, never sees the token. Throws what the dashboard refused, or `bad-proof`.
 */
export const handshake = async (needs: HandshakeNeeds, dashboard: Dashboard): Promise<void> => {
  const token = readToken(needs)
  const enrolment = readEnrolment(needs.home)
  if (!enrolment) {
    if (token === null)
      throw new CorralError('bad-token', 'This host is not enrolled, and no enrolment token is given.')
    await proveBoth(needs, dashboard, await enrol(needs, dashboard, token))
  } else {
    try {
      await proveBoth(needs, dashboard, enrolment)
    } catch (error) {
      if (!(error instanceof UnknownHost)) throw error
      if (token === null) throw error.cause
      await proveBoth(needs, dashboard, await enrol(needs, dashboard, token))
    }
  }
  if (needs.tokenFile !== null) unlinkIfThere(needs.tokenFile)
}
