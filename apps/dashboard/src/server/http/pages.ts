import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pathnameOf } from '../origin.ts'
import { answerRefusal } from './answer.ts'
import { pagePolicy } from './headers.ts'

/** Next, as the part of the server that draws pages. */

export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Next's own WebSocket, which reloads pages while they are written; only in development. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): Promise<void>
}

export interface PagesOptions {
  /** Folder of the dashboard: of the sources, or inside the standalone build. */
  readonly appDir: string
  readonly server: Server
  readonly host: string
  readonly port: number
  readonly publicOrigin: string
  readonly dev: boolean
}

/** Headers by which Next's parts speak to each other; from outside they could only mislead. */
const INTERNAL = /^(x-middleware-|x-invoke-|x-nonce$|x-forwarded-|x-matched-path$|content-security-policy)/

/** Loads Next. Throws when there is no build of the pages in `appDir`. */
export const startPages = async (options: PagesOptions): Promise<Pages> => {
  const { appDir, dev, publicOrigin } = options
  // Before Next is loaded, because it reads the environment while it is.
  if (dev) process.env.__NEXT_DEV_SERVER = '1'
  else applyBuiltConfig(appDir)
  process.env.NEXT_TELEMETRY_DISABLED = '1'
  process.chdir(appDir)
  const { getRequestHandlers } = await import('next/dist/server/lib/start-server.js')
  const next = await getRequestHandlers({
    dir: appDir,
    port: options.port,
    hostname: options.host,
    server: options.server,
    isDev: dev,
    onDevServerCleanup: undefined,
    quiet: true,
  })
  const { host, protocol } = new URL(publicOrigin)

  return {
    async handle(request, response) {
      if (!dev && request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Connection', 'close')
        response.setHeader('Allow', 'GET, HEAD')
        answerRefusal(response, { status: 405, code: 'bad-input', detail: 'Pages are only read.' })
        return
      }
      for (const name of Object.keys(request.headers)) if (INTERNAL.test(name)) delete request.headers[name]
      request.headers['x-forwarded-host'] = host
      request.headers['x-forwarded-proto'] = protocol.slice(0, -1)
      if (!pathnameOf(request).startsWith('/_next/static/')) {
        const nonce = randomBytes(16).toString('base64')
        const policy = pagePolicy({ nonce, publicOrigin, dev })
        // Next puts the nonce it finds in the request's policy on its own scripts; pages read it from x-nonce.
        request.headers['content-security-policy'] = policy
        request.headers['x-nonce'] = nonce
        response.setHeader('Content-Security-Policy', policy)
        if (!dev) response.setHeader('Cache-Control', 'no-store')
      }
      // A policy on a script of ours would bind the workers that it is loaded for.
      else response.removeHeader('Content-Security-Policy')
      await next.requestHandler(request, response)
    },
    upgrade(request, socket, head) {
      void next.upgradeHandler(request, socket, head)
    },
    async close() {
      await next.server.close()
    },
  }
}

/** What the generated server.js of a standalone build does before it starts Next. */
const applyBuiltConfig = (appDir: string): void => {
  const manifest: unknown = JSON.parse(readFileSync(join(appDir, '.next/required-server-files.json'), 'utf8'))
  const config = typeof manifest === 'object' && manifest !== null && 'config' in manifest ? manifest.config : {}
  Object.assign(process.env, { NODE_ENV: 'production', __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(config) })
}
