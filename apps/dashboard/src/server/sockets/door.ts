import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { AnyTRPCRouter } from '@trpc/server'
import {
  type CreateWSSContextFnOptions,
  getWSConnectionHandler,
  type WSSHandlerOptions,
} from '@trpc/server/adapters/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { createCodec } from './codec.ts'
import type { Flow } from './flow.ts'
import type { SocketLimits } from './limits.ts'

/** One path on which sockets are taken, each with tRPC over MessagePack behind it, within limits. */
export interface Door {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every socket that the program goes away, and closes them. */
  close(): void
}

export interface DoorOptions {
  readonly router: AnyTRPCRouter
  readonly limits: SocketLimits
  /** Largest frame, in bytes; a larger one closes the socket (1009). */
  readonly mostFrameBytes: number
  /** Most sockets at a time; beyond, upgrades are refused with 503. */
  readonly mostSockets: number
  /** Asks whether the other end is still there after this much silence. */
  readonly pingMs: number
  readonly createContext: (options: CreateWSSContextFnOptions) => Promise<object>
  readonly onError: NonNullable<WSSHandlerOptions<AnyTRPCRouter>['onError']>
  /** Called for each new socket, before its first message is read. */
  readonly onOpen?: (socket: WebSocket, request: IncomingMessage) => void
  readonly onCut: (reason: string, request: IncomingMessage) => void
  readonly flow: Flow
}

const PONG_WAIT_MS = 5000
/** How long the other end may take to close in return. */
const CLOSE_WITHIN_MS = 250
/** RFC 6455 §7.4.1: going away; policy violation. */
const GOING_AWAY = 1001
const POLICY_VIOLATION = 1008

export const openDoor = (options: DoorOptions): Door => {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: options.mostFrameBytes,
    perMessageDeflate: false,
  })

  const serve = (socket: WebSocket, request: IncomingMessage): void => {
    const cut = (reason: string): void => {
      options.onCut(reason, request)
      socket.close(POLICY_VIOLATION, reason)
      // Whoever breaks a limit may not be waited for.
      setImmediate(() => socket.terminate())
    }
    options.flow.watch(socket, request.socket as Socket)
    options.onOpen?.(socket, request)
    const connect = getWSConnectionHandler({
      wss: server,
      router: options.router,
      createContext: options.createContext,
      onError: options.onError,
      experimental_encoder: createCodec(options.limits, cut),
      keepAlive: { enabled: true, pingMs: options.pingMs, pongWaitMs: PONG_WAIT_MS },
    })
    connect(socket, request)
  }

  return {
    accept(request, socket, head) {
      if (server.clients.size >= options.mostSockets) refuseUpgrade(socket, '503 Service Unavailable')
      else server.handleUpgrade(request, socket, head, (opened) => serve(opened, request))
    },
    close() {
      for (const socket of server.clients) socket.close(GOING_AWAY, 'the dashboard stops')
      server.close()
      // Whoever does not close in return would keep the program for much longer.
      setTimeout(() => {
        for (const socket of server.clients) socket.terminate()
      }, CLOSE_WITHIN_MS)
    },
  }
}

/** Ends an upgrade with a status line and nothing else. */
export const refuseUpgrade = (socket: Duplex, status: string): void => {
  socket.on('error', () => {})
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}
