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

const hello = async (dashboard: Dashboard, enrolment: Enrolment) => {
  const agentNonce = new Uint8Array(randomBytes(32))
  const said = await dashboard.link.hello.mutate({ hostId: enrolment.hostId, agentNonce, version: PROTOCOL_VERSION })
  return { said, agentNonce }
}

/**
 * Whether the dashboard said that it does not know this host: its database is new. Only then is a token at hand the
 * operator's word to enrol again; a database that is down, or a dashboard that fails *our* check, never sees it.
 */
const isUnknownHost = (error: unknown): boolean =>
  error instanceof TRPCClientError && (codeOf(error) === 'not-found' || codeOf(error) === 'bad-proof')

/** Enrols if need be, then proves both sides to each other. Throws what the dashboard refused, or `bad-proof`. */
export const handshake = async (needs: HandshakeNeeds, dashboard: Dashboard): Promise<void> => {
  const token = readToken(needs)
  let enrolment = readEnrolment(needs.home)
  if (!enrolment) {
    if (token === null)
      throw new CorralError('bad-token', 'This host is not enrolled, and no enrolment token is given.')
    enrolment = await enrol(needs, dashboard, token)
  }
  let greeting: Awaited<ReturnType<typeof hello>>
  try {
    greeting = await hello(dashboard, enrolment)
  } catch (error) {
    if (token === null || !isUnknownHost(error)) throw error
    enrolment = await enrol(needs, dashboard, token)
    greeting = await hello(dashboard, enrolment)
  }
  const { said, agentNonce } = greeting
  const shared = { ...enrolment, agentNonce, dashboardNonce: bytesOf(said.dashboardNonce, 32) }
  verifyDashboard({ ...shared, side: 'dashboard' }, bytesOf(said.signature, 64))
  const signature = needs.identity.sign({ ...shared, side: 'agent' })
  await dashboard.link.prove.mutate({ signature, facts: needs.facts() })
  if (needs.tokenFile !== null) unlinkIfThere(needs.tokenFile)
}
