import type { Role } from '@corral/domain'

/** Who is signed in, as pages may know it. */
export interface SignedIn {
  readonly sessionId: string
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly role: Role
}

export type SessionOf = (headers: Headers) => Promise<SignedIn | null>

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

/** What the server shared; a page that is built ahead of time finds nobody signed in. */
export const sharedSessions = (): SessionOf => shared[SHARED] ?? (async () => null)
