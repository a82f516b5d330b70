import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { isOurOrigin, pathnameOf, rightAddress } from '../origin.ts'
import type { Readiness } from '../readiness.ts'
import { answerJson, answerRefusal, readRequest, sendResponse } from './answer.ts'
import { commonHeaders, DATA_POLICY } from './headers.ts'

/** Which part of the program answers a request, and what is refused before any part sees it. */

/** Answers a request of the Fetch standard. */
export type FetchHandler = (request: Request) => Promise<Response>

export interface Routes {
  readonly publicOrigin: string
  readonly readiness: Readiness
  readonly auth: FetchHandler
  readonly trpc: FetchHandler
  readonly pages: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  readonly log: Logger
}

/** Largest body of a request, in bytes: a mutation's input is a few hundred. */
const MOST_BODY_BYTES = 256 * 1024
const JSON_TYPE = /^application\/json\s*(;|$)/i

/** Answers every request that is not an upgrade; never throws. */
export const createListener = (routes: Routes): RequestListener => {
  // Whatever is answered is data, unless it is a page, which brings a policy of its own.
  const always = [
    ...Object.entries(commonHeaders(routes.publicOrigin)),
    ['Content-Security-Policy', DATA_POLICY] as const,
  ]
  return (request, response) => {
    for (const [name, value] of always) response.setHeader(name, value)
    answer(routes, request, response).catch((error: unknown) => {
      if (response.headersSent) {
        routes.log.warn({ err: error, path: pathnameOf(request) }, 'an answer broke off')
        response.destroy()
        return
      }
      const id = answerRefusal(response, { status: 500, code: 'internal', detail: null })
      routes.log.error({ err: error, path: pathnameOf(request), id }, 'a request failed')
    })
  }
}

const answer = async (routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const path = pathnameOf(request)
  if (path === '') {
    answerRefusal(response, { status: 400, code: 'bad-input', detail: 'The request names no path.' })
    return
  }
  if (path === '/healthz') {
    const health = await routes.readiness.check()
    answerJson(response, health.ok ? 200 : 503, health)
    return
  }
  if (!routes.readiness.started) {
    answerWait(response, routes.readiness.reason)
    return
  }
  if (path.startsWith('/api/')) await answerApi(routes, path, request, response)
  else await answerPage(routes, request, response)
}

const answerApi = async (
  routes: Routes,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const refuse = (status: 403 | 404 | 405 | 413 | 415, detail: string): void => {
    const code =
      status === 403 ? 'wrong-origin' : status === 404 ? 'not-found' : status === 413 ? 'too-much' : 'bad-input'
    // What remains of a body that nobody reads must not become the next request.
    response.setHeader('Connection', 'close')
    answerRefusal(response, { status, code, detail })
  }
  const isTrpc = path.startsWith('/api/trpc/')
  if (!isTrpc && !path.startsWith('/api/auth/')) return refuse(404, `${path} is not an address of Corral's API.`)
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (request.method !== 'POST' && (isTrpc || !reads)) {
    response.setHeader('Allow', isTrpc ? 'POST' : 'GET, HEAD, POST')
    return refuse(405, `${request.method} is not taken here.`)
  }
  if (!reads) {
    if (!isOurOrigin(request, routes.publicOrigin))
      return refuse(
        403,
        `Only pages of ${routes.publicOrigin} may do this. CORRAL_PUBLIC_URL says what that address is.`,
      )
    if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) return refuse(415, 'Send application/json.')
  }
  const asked = await readRequest(request, { publicOrigin: routes.publicOrigin, mostBytes: MOST_BODY_BYTES })
  if (asked === null) return refuse(413, `The body is larger than ${MOST_BODY_BYTES} bytes.`)
  await sendResponse(response, await (isTrpc ? routes.trpc : routes.auth)(asked))
}

const answerPage = async (routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const elsewhere = rightAddress(request, routes.publicOrigin)
  if (elsewhere !== null) {
    response.writeHead(307, { Location: elsewhere, 'Cache-Control': 'no-store' })
    response.end()
    return
  }
  await routes.pages(request, response)
}

/** Said in a browser while the program starts; it asks again by itself. */
const answerWait = (response: ServerResponse, reason: string): void => {
  response.writeHead(503, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'Retry-After': '1',
    Refresh: '2',
  })
  response.end(`Corral is starting. ${reason}\n`)
}
