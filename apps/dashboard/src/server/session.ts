import { headers } from 'next/headers'
import { type SignedIn, sharedSessions } from './session-gate.ts'

export type { SignedIn }

/**
 * The session of the request that a server component draws for; null: not signed in.
 * Throws `CorralError('database-down')` when that cannot be known.
 */
export const currentSession = async (): Promise<SignedIn | null> => {
  // Read first: it also tells Next that this page is drawn for one person, never ahead of time.
  const asked = await headers()
  return sharedSessions()(new Headers(asked))
}
