import type { Role } from '@corral/domain'
import { headers } from 'next/headers'

/** Who is signed in, as pages may know it. */
export interface SignedIn {
  readonly sessionId: string
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly role: Role
}

type SessionOf = (headers: Headers) => Promise<SignedIn | null>

/**
 * The server and the pages are separate bundles with a copy of this module each; what they share hangs on
 * `globalThis` under this registered symbol.
 */
const SHARED = Symbol.for('corral.dashboard.sessionOf')
const shared = globalThis as { [SHARED]?: SessionOf }

/** Called once by the server, before the first page is asked for. */
export const shareSessions = (sessionOf: SessionOf): void => {
  shared[SHARED] = sessionOf
}

/**
 * The session of the request that a server component draws for; null: not signed in.
 * Throws `CorralError('database-down')` when that cannot be known.
 */
export const currentSession = async (): Promise<SignedIn | null> => {
  // Read first: it also tells Next that this page is drawn for one person, never ahead of time.
  const asked = await headers()
  return (await shared[SHARED]?.(asked)) ?? null
}
