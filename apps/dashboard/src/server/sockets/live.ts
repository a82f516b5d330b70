import type { Socket } from 'node:net'
import { createAppRouter, createBrowserContext } from '@corral/api'
import { CorralError } from '@corral/domain'
import { BROWSER_FRAME_BYTES } from '@corral/protocol'
import type { Services } from '@corral/services'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import { logCallErrors } from './call-errors.ts'
import { type Door, openDoor } from './door.ts'
import { createPace, type Flow } from './flow.ts'
import { BROWSER_LIMITS } from './limits.ts'
import type { Revocation } from './revocation.ts'

/** Sockets of people's pages: `/live`. */

export interface LiveParts {
  readonly services: Services
  readonly revocation: Revocation
  readonly flow: Flow
  readonly log: Logger
}

/** More pages than this are more people than one dashboard is for. */
const MOST_SOCKETS = 2000
/** A socket whose ticket has not come by then is not a page of ours. */
const TICKET_WITHIN_MS = 10_000
const PING_MS = 20_000

export const openLiveDoor = ({ services, revocation, flow, log }: LiveParts): Door => {
  const waiting = new WeakMap<WebSocket, NodeJS.Timeout>()
  return openDoor({
    router: createAppRouter(),
    limits: BROWSER_LIMITS,
    mostFrameBytes: BROWSER_FRAME_BYTES,
    mostSockets: MOST_SOCKETS,
    pingMs: PING_MS,
    flow,
    onOpen: (socket) => {
      const timer = setTimeout(() => socket.terminate(), TICKET_WITHIN_MS)
      waiting.set(socket, timer)
      socket.once('close', () => clearTimeout(timer))
    },
    createContext: async ({ req, res: socket, info }) => {
      const session = await services.auth.redeemTicket(info.connectionParams?.ticket ?? '')
      clearTimeout(waiting.get(socket))
      if (session === null) throw new CorralError('not-signed-in', 'The ticket is wrong, used or too old.')
      revocation.watch(socket, session)
      return createBrowserContext({ services, session, pace: createPace(socket, req.socket as Socket) })
    },
    onError: logCallErrors(log, 'live'),
    onCut: (reason, request) => log.warn({ reason, address: request.socket.remoteAddress }, 'cut a live socket'),
  })
}
