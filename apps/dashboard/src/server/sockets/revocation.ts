import type { Role } from '@corral/domain'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'

/** Closes the sockets of people who may not go on: signed out, expired, removed, or with another role than before. */

/** What is known of a session now; null: it has ended. */
export type FindSession = (sessionId: string) => Promise<{ readonly expiresAt: Date; readonly role: Role } | null>

export interface Revocation extends Disposable {
  /** Keeps an eye on a socket until it closes. */
  watch(socket: WebSocket, session: { readonly sessionId: string; readonly role: Role }): void
  /** Asks about every session once; done every second by itself. */
  look(): Promise<void>
}

/** Every second, so that with the time of the question itself it takes effect within two. */
const LOOK_MS = 1000
/** How long a page may take to close in return. */
const CLOSE_WITHIN_MS = 500
/** Close code for pages: sign in again (4000–4999 are free for programs, RFC 6455 §7.4.2). */
const SESSION_ENDED = 4001

export const createRevocation = (find: FindSession, log: Logger, now: () => number = Date.now): Revocation => {
  const sockets = new Map<string, Map<WebSocket, Role>>()
  let looking = false

  const judge = async ([sessionId, open]: [string, Map<WebSocket, Role>]): Promise<void> => {
    const session = await find(sessionId)
    const alive = session !== null && session.expiresAt.getTime() > now()
    for (const [socket, role] of open) {
      if (alive && session.role === role) continue
      socket.close(SESSION_ENDED, alive ? 'role changed' : 'session ended')
      // A page that does not close in return could go on asking.
      setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS).unref()
      log.info({ sessionId, reason: alive ? 'role changed' : 'session ended' }, 'closed a live socket')
    }
  }

  const look = async (): Promise<void> => {
    // One round at a time: a slow database is not asked the same thing twice.
    if (looking || sockets.size === 0) return
    looking = true
    try {
      await Promise.all([...sockets].map(judge))
    } catch (error) {
      // The live view goes on without the database; acting is refused there by itself.
      log.debug({ err: error }, 'sessions could not be checked')
    } finally {
      looking = false
    }
  }

  const timer = setInterval(() => void look(), LOOK_MS)
  timer.unref()
  return {
    watch(socket, { sessionId, role }) {
      const open = sockets.get(sessionId) ?? new Map<WebSocket, Role>()
      sockets.set(sessionId, open.set(socket, role))
      socket.once('close', () => {
        open.delete(socket)
        if (open.size === 0) sockets.delete(sessionId)
      })
    },
    look,
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
