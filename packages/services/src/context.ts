import { CorralError, type HostId, type Role } from '@corral/domain'
import type { AgentConnection } from './hub/connection.ts'
import type { Services } from './services.ts'

/** Someone who is signed in, as their session says now. */
export interface Session {
  readonly sessionId: string
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly role: Role
}

/** What every verb of a person gets. */
export interface BrowserContext {
  readonly services: Services
  readonly session: Session | null
  /**
   * Resolves when the reader has taken what was sent to it; rejects when `signal` aborts. Live streams wait for it
   * between two messages, so that a slow reader gets the newest values and never a backlog.
   */
  readonly pace: (signal: AbortSignal) => Promise<void>
}

/** What every verb of an agent gets; who it is comes from the connection, never from what it sends. */
export interface AgentContext {
  readonly services: Services
  readonly connection: AgentConnection
}

/** Who the dashboard's own command line acts as. */
const CONSOLE: Session = { sessionId: 'console', userId: 'console', name: 'console', email: '', role: 'admin' }

/** The context of someone at the dashboard's own console: whoever may run its program may do everything. */
export const consoleContext = (services: Services): BrowserContext => ({
  services,
  session: CONSOLE,
  pace: async () => {},
})

/** The session, or `not-signed-in`. */
export const requireSession = (ctx: BrowserContext): Session => {
  if (!ctx.session) throw new CorralError('not-signed-in')
  return ctx.session
}

/** The host behind a proved connection, or `bad-proof`. */
export const requireHost = (ctx: AgentContext): HostId => {
  const { hostId } = ctx.connection
  if (hostId === null) throw new CorralError('bad-proof', 'This connection has not proved which host it is.')
  return hostId
}
