import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/**
 * Tickets: with one, a browser opens its live socket. A ticket names a session and is good for 30 seconds; whoever
 * redeems it still has to ask whether the session lives. It travels inside the socket, never in an address.
 */

/** How long a ticket is good, in milliseconds. */
export const TICKET_MS = 30_000
const LONGEST = 2048

const claims = z.strictObject({
  sessionId: z.string(),
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  untilMs: z.number(),
})
export type TicketClaims = z.infer<typeof claims>

export interface Tickets {
  make(session: Omit<TicketClaims, 'untilMs'>): string
  /** What an unexpired ticket of ours says; null for anything else. */
  read(ticket: string): TicketClaims | null
}

export const createTickets = (authSecret: string, nowMs: () => number = Date.now): Tickets => {
  // A key of its own: nothing signed for another purpose passes as a ticket.
  const key = Buffer.from(hkdfSync('sha256', authSecret, '', 'corral live ticket 1', 32))
  const seal = (body: string): Buffer => createHmac('sha256', key).update(body).digest()
  return {
    make: ({ sessionId, userId, name, email }) => {
      const said: TicketClaims = { sessionId, userId, name, email, untilMs: nowMs() + TICKET_MS }
      const body = Buffer.from(JSON.stringify(said)).toString('base64url')
      return `${body}.${seal(body).toString('base64url')}`
    },
    read: (ticket) => {
      if (typeof ticket !== 'string' || ticket.length > LONGEST) return null
      const [body, signature, ...rest] = ticket.split('.')
      if (body === undefined || signature === undefined || rest.length > 0) return null
      const given = Buffer.from(signature, 'base64url')
      const wanted = seal(body)
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
      const said = claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()))
      return said.success && said.data.untilMs > nowMs() ? said.data : null
    },
  }
}
