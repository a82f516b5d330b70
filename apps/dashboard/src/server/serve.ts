import { createServer, type Server } from 'node:http'
import { createAppRouter, createBrowserContext } from '@corral/api'
import { openDatabase } from '@corral/db'
import { createServices, type Services } from '@corral/services'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import type { Logger } from 'pino'
import type { Env } from './env.ts'
import { type Pages, startPages } from './http/pages.ts'
import { createListener, type FetchHandler } from './http/route.ts'
import { appDir, migrationsDir } from './paths.ts'
import { becomeReady } from './readiness.ts'
import { shareSessions } from './session-gate.ts'
import { openAgentDoor } from './sockets/agents.ts'
import { logCallErrors } from './sockets/call-errors.ts'
import { type Door, refuseUpgrade } from './sockets/door.ts'
import { createFlow } from './sockets/flow.ts'
import { openLiveDoor } from './sockets/live.ts'
import { createRevocation } from './sockets/revocation.ts'
import { judgeUpgrade, type UpgradeListener } from './sockets/upgrade.ts'
import { keepHouse } from './upkeep.ts'
import { VERSION } from './version.ts'

/** The dashboard as a running program: what it is made of, in the order it starts and stops. */

/** Whoever has not sent a request by then is not about to (slow senders hold a socket each). */
const HEADERS_WITHIN_MS = 10_000
const REQUEST_WITHIN_MS = 30_000
/** Requests that are being answered when the program stops may take this long. */
const FINISH_WITHIN_MS = 500

/** A program that serves, until it is stopped. */
export interface Running {
  /** Ends everything in order; what one part throws is logged and does not keep the others. */
  stop(): Promise<void>
}

/** Starts serving; resolves when the port is open. `loadPages` is for tests, which do without Next. */
export const serve = async (env: Env, log: Logger, loadPages: typeof startPages = startPages): Promise<Running> => {
  const stop = new AbortController()
  const { publicOrigin, dev } = env
  const database = openDatabase({ url: env.databaseUrl })
  const services = createServices({
    database,
    secretDir: env.secretDir,
    publicUrl: publicOrigin,
    version: VERSION,
    log,
  })
  shareSessions((headers) => services.auth.sessionOf(headers))

  const server = createServer({ headersTimeout: HEADERS_WITHIN_MS, requestTimeout: REQUEST_WITHIN_MS })
  const flow = createFlow((reason) => log.warn({ reason }, 'cut a slow reader'))
  const revocation = createRevocation((id) => database.sessions.find(id), log)
  const live = openLiveDoor({ services, revocation, flow, log })
  const agents = openAgentDoor({ services, flow, log })
  const pages = loadPages({ appDir, server, host: env.host, port: env.port, publicOrigin, dev })
  const readiness = becomeReady(
    {
      ping: () => database.ping(),
      migrate: () => database.migrate(migrationsDir),
      agents: () => services.hub.online,
      pages: pages.then(() => {}),
      onMigrated: () => void keepHouse(database.blocks, log, stop.signal),
      log,
    },
    stop.signal,
  )

  server.on(
    'request',
    createListener({
      publicOrigin,
      readiness,
      auth: (request) => services.auth.handler(request),
      trpc: createTrpcHandler(services, log),
      pages: async (request, response) => (await pages).handle(request, response),
      log,
    }),
  )
  const rules = () => ({ publicOrigin, dev, started: readiness.started })
  server.on('upgrade', createUpgradeListener(rules, { live, agents, pages }))

  // Without pages there is nothing to serve: whoever started us shall see it.
  pages.catch((error: unknown) => {
    log.fatal({ err: error }, 'the pages cannot be loaded')
    process.exit(1)
  })
  await listen(server, env)
  log.info({ address: `http://${env.host}:${env.port}`, publicOrigin, version: VERSION }, 'listening')

  const steps: readonly (() => void | Promise<void>)[] = [
    () => stop.abort(),
    () => live.close(),
    () => agents.close(),
    () => flow[Symbol.dispose](),
    () => revocation[Symbol.dispose](),
    () => closeServer(server),
    async () => (await pages).close(),
    async () => services[Symbol.asyncDispose](),
    async () => database[Symbol.asyncDispose](),
  ]
  return {
    async stop() {
      for (const step of steps)
        try {
          await step()
        } catch (error) {
          log.warn({ err: error }, 'while stopping')
        }
    },
  }
}

const createTrpcHandler = (services: Services, log: Logger): FetchHandler => {
  const router = createAppRouter()
  return (request) =>
    fetchRequestHandler({
      endpoint: '/api/trpc',
      req: request,
      router,
      // One mutation a request: an audit row, an order and an answer each.
      allowBatching: false,
      createContext: async () =>
        createBrowserContext({
          services,
          session: await services.auth.sessionOf(request.headers),
          pace: async () => {},
        }),
      onError: logCallErrors(log, 'http'),
    })
}

const createUpgradeListener =
  (
    rules: () => Parameters<typeof judgeUpgrade>[1],
    doors: { readonly live: Door; readonly agents: Door; readonly pages: Promise<Pages> },
  ): UpgradeListener =>
  (request, socket, head) => {
    const verdict = judgeUpgrade(request, rules())
    switch (verdict.kind) {
      case 'live':
        return doors.live.accept(request, socket, head)
      case 'agent':
        return doors.agents.accept(request, socket, head)
      case 'pages':
        return void doors.pages.then((pages) => pages.upgrade(request, socket, head))
      case 'refuse':
        return refuseUpgrade(socket, verdict.status)
      case 'destroy':
        return void socket.destroy()
    }
  }

const listen = (server: Server, { host, port }: Env): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })

const closeServer = async (server: Server): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const late = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS)
  await closed
  clearTimeout(late)
}
