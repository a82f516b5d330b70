import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ERRORS, type ErrorCode } from '@corral/domain'

/** Node's requests and answers as the Fetch standard has them, within bounds. */

/** Answers JSON that no cache keeps. */
export const answerJson = (response: ServerResponse, status: number, body: object): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  })
  response.end(text)
}

/** A request that was refused before anybody looked at its content. */
export interface RefusedRequest {
  readonly status: 400 | 403 | 404 | 405 | 413 | 415 | 500 | 503
  readonly code: ErrorCode
  readonly detail: string | null
}

/** Refuses in the shape of a tRPC error with `data.corral`, as every error of ours travels; returns the error's id. */
export const answerRefusal = (response: ServerResponse, { status, code, detail }: RefusedRequest): string => {
  const { title, hint, trpc } = ERRORS[code]
  const id = randomUUID()
  const corral = { code, title, hint, detail, id }
  // -32600: JSON-RPC 2.0's "invalid request".
  answerJson(response, status, {
    error: { message: title, code: -32_600, data: { code: trpc, httpStatus: status, corral } },
  })
  return id
}

/** Headers that say who is asking; only a proxy may say so, and none is trusted. */
const SAID_BY_PROXIES = /^(forwarded|x-forwarded-.*|x-real-ip|cf-connecting-ip|x-client-ip)$/

/**
 * The request as `Request`: its address below the public origin whatever its Host header says, its body in memory,
 * and the socket's address as the only `X-Forwarded-For`. Null: the body is larger than `mostBytes`.
 */
export const readRequest = async (
  message: IncomingMessage,
  { publicOrigin, mostBytes }: { readonly publicOrigin: string; readonly mostBytes: number },
): Promise<Request | null> => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) {
    if (SAID_BY_PROXIES.test(name)) continue
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one)
  }
  headers.set('x-forwarded-for', message.socket.remoteAddress ?? 'unknown')
  const method = message.method ?? 'GET'
  const body = await readBody(message, mostBytes)
  if (body === null) return null
  const bare = method === 'GET' || method === 'HEAD'
  return new Request(`${publicOrigin}${message.url ?? '/'}`, {
    method,
    headers,
    ...(!bare && { body: new Uint8Array(body) }),
  })
}

const readBody = async (message: IncomingMessage, mostBytes: number): Promise<Buffer | null> => {
  if (Number(message.headers['content-length'] ?? 0) > mostBytes) return null
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > mostBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Sends a `Response` on. A reader who leaves early is no fault. */
export const sendResponse = async (to: ServerResponse, response: Response): Promise<void> => {
  to.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') to.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) to.setHeader('Set-Cookie', cookies)
  if (!to.hasHeader('Cache-Control')) to.setHeader('Cache-Control', 'no-store')
  if (response.body === null) {
    to.end()
    return
  }
  await pipeline(Readable.fromWeb(response.body as never), to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  })
}
