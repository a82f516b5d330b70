import type { Database } from '@corral/db'
import { CorralError, isRole } from '@corral/domain'
import type { Session } from '../context.ts'
import type { Keys } from '../keys.ts'
import type { Log } from '../log.ts'
import { createBetterAuth, isPublicPath } from './better-auth.ts'
import { makeSignInLink } from './sign-in-link.ts'
import { createTickets } from './tickets.ts'

/** Who people are: sessions are better-auth's, tickets for live sockets are ours. */
export interface Auth {
  /**
   * Answers a request below `/api/auth/`; whatever is not meant for the world is 404. Attempts are bounded per
   * address, so that one who tries too often locks nobody else out: `x-forwarded-for` must be the server's own word
   * of who is at the other end, not what came with the request. Throws `database-down`.
   */
  handler(request: Request): Promise<Response>
  /** The live session that these headers' cookie names; asks the database every time. Throws `database-down`. */
  sessionOf(headers: Headers): Promise<Session | null>
  /** A link that signs the first admin in, once, within 15 minutes; makes that admin if there is none. */
  makeSignInLink(): Promise<string>
  /** A ticket for this session's live socket, good for 30 seconds. */
  ticketFor(session: Session): string
  /** The live session behind a ticket, with the role it has now; null if either is over. Throws `database-down`. */
  redeemTicket(ticket: string): Promise<Session | null>
}

interface AuthNeeds {
  readonly database: Database
  readonly keys: Keys
  readonly publicUrl: string
  readonly log: Log
}

export const createAuth = ({ database, keys, publicUrl, log }: AuthNeeds): Auth => {
  const auth = createBetterAuth({ database, publicUrl, secret: keys.authSecret, log })
  const tickets = createTickets(keys.authSecret)

  /** Tells a database that is away from any other failure of `cause`. */
  const explain = async (cause: unknown): Promise<CorralError> => {
    try {
      await database.ping()
    } catch (error) {
      if (error instanceof CorralError) return error
    }
    return new CorralError('internal', 'the sign-in library failed', { cause })
  }

  return {
    handler: async (request) => {
      if (!isPublicPath(new URL(request.url).pathname)) return new Response('Not Found', { status: 404 })
      try {
        const response = await auth.handler(request)
        // It answers a database that is away with an empty 500.
        if (response.status < 500) return response
      } catch (cause) {
        throw await explain(cause)
      }
      throw await explain(null)
    },
    sessionOf: async (headers) => {
      try {
        const found = await auth.api.getSession({ headers, query: { disableRefresh: true } })
        if (!found || !isRole(found.user.role)) return null
        const { id, name, email, role } = found.user
        return { sessionId: found.session.id, userId: id, name, email, role }
      } catch (cause) {
        throw await explain(cause)
      }
    },
    makeSignInLink: async () => {
      try {
        return await makeSignInLink(auth)
      } catch (cause) {
        throw await explain(cause)
      }
    },
    ticketFor: (session) => tickets.make(session),
    redeemTicket: async (ticket) => {
      const said = tickets.read(ticket)
      const found = said && (await database.sessions.find(said.sessionId))
      if (!found || found.userId !== said.userId || found.expiresAt.getTime() <= Date.now()) return null
      const { sessionId, userId, name, email } = said
      return { sessionId, userId, name, email, role: found.role }
    },
  }
}
