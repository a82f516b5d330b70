import { createAgentContext, createAgentRouter } from '@corral/api'
import { AGENT_FRAME_BYTES } from '@corral/protocol'
import type { Services } from '@corral/services'
import type { Logger } from 'pino'
import { logCallErrors } from './call-errors.ts'
import { type Door, openDoor } from './door.ts'
import type { Flow } from './flow.ts'
import { AGENT_LIMITS } from './limits.ts'

/** Sockets of agents: `/agent`. */

export interface AgentParts {
  readonly services: Services
  readonly flow: Flow
  readonly log: Logger
}

/** A fleet of the size that one dashboard is for, and as many again while they reconnect. */
const MOST_SOCKETS = 4000
/** A socket that has not proved which host it is by then is cut. */
const PROVE_WITHIN_MS = 15_000
/** An agent reports every second or two; after this much silence it is asked. */
const PING_MS = 5000

export const openAgentDoor = ({ services, flow, log }: AgentParts): Door =>
  openDoor({
    router: createAgentRouter(),
    limits: AGENT_LIMITS,
    mostFrameBytes: AGENT_FRAME_BYTES,
    mostSockets: MOST_SOCKETS,
    pingMs: PING_MS,
    flow,
    createContext: async ({ res: socket }) => {
      const connection = services.hub.open({ cut: () => socket.terminate() })
      const timer = setTimeout(() => connection.hostId === null && socket.terminate(), PROVE_WITHIN_MS)
      socket.once('close', () => {
        clearTimeout(timer)
        services.hub.close(connection)
      })
      return createAgentContext({ services, connection })
    },
    onError: logCallErrors(log, 'agent'),
    onCut: (reason, request) => log.warn({ reason, address: request.socket.remoteAddress }, 'cut an agent socket'),
  })
