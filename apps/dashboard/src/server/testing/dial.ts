import { Packr } from 'msgpackr'
import { WebSocket } from 'ws'

/** A bare client of the live sockets, for tests: it can do what no proper client does. */
export interface Dialled {
  readonly socket: WebSocket
  /** Everything received, decoded; text frames as they are. */
  readonly received: unknown[]
  send(message: unknown): void
  /** Resolves with code and reason when it was closed. */
  readonly closed: Promise<string>
}

const packr = new Packr({ moreTypes: true, useRecords: false })

export interface DialOptions {
  readonly origin?: string
  readonly ticket?: string
}

/** Opens a socket; resolves with the HTTP status if the upgrade was refused, or with the error if it was cut. */
export const dial = (url: string, { origin, ticket }: DialOptions = {}): Promise<Dialled | number | string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, ...(origin !== undefined && { origin }) })
    const received: unknown[] = []
    const send = (message: unknown): void => socket.send(packr.pack(message))
    const closed = new Promise<string>((end) =>
      socket.once('close', (code, reason) => end(`${code} ${reason}`.trimEnd())),
    )
    socket.on('message', (data: Buffer, isBinary) => received.push(isBinary ? packr.unpack(data) : data.toString()))
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    socket.on('open', () => {
      if (ticket !== undefined) send({ method: 'connectionParams', data: { ticket } })
      resolve({ socket, received, send, closed })
    })
  })

/** As `dial`, for sockets that must open. */
export const mustDial = async (url: string, options?: DialOptions): Promise<Dialled> => {
  const dialled = await dial(url, options)
  if (typeof dialled !== 'object') throw new Error(`refused: ${dialled}`)
  return dialled
}

/** A call as tRPC's clients send it. */
export const call = (
  id: number,
  path: string,
  method: 'query' | 'mutation' | 'subscription' = 'query',
  input?: unknown,
) => ({
  id,
  method,
  params: { path, input },
})
