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
import { watchParent } from './process.ts'
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
const FINISH_WITHIN_MS = 1000
/** The launcher kills after 1.2 s what waits for nothing but habit; service managers are told of 3 s. */
const STOP_WITHIN_MS = 2500

/** Starts serving and returns; the program then lives until it is told to stop. */
export const serve = async (env: Env, log: Logger): Promise<void> => {
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
  const pages = startPages({ appDir, server, host: env.host, port: env.port, publicOrigin, dev })
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

  const shutDown = createShutdown(log, [
    async () => stop.abort(),
    async () => {
      live.close()
      agents.close()
      flow[Symbol.dispose]()
      revocation[Symbol.dispose]()
    },
    () => closeServer(server),
    async () => (await pages).close(),
    async () => services[Symbol.asyncDispose](),
    async () => database[Symbol.asyncDispose](),
  ])
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void shutDown(signal))
  watchParent(env.parentPid, () => void shutDown('the launcher ended'))

  // Without pages there is nothing to serve: whoever started us shall see it.
  pages.catch((error: unknown) => {
    log.fatal({ err: error }, 'the pages cannot be loaded')
    process.exit(1)
  })
  await listen(server, env)
  log.info({ address: `http://${env.host}:${env.port}`, publicOrigin, version: VERSION }, 'listening')
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

/** Runs the steps once, in order, whatever each of them throws; then ends the process, at the latest by the deadline. */
const createShutdown = (log: Logger, steps: readonly (() => Promise<void>)[]) => {
  let stopping = false
  return async (why: string): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info({ why }, 'stopping')
    setTimeout(() => {
      log.warn('some part did not stop in time')
      process.exit(0)
    }, STOP_WITHIN_MS).unref()
    for (const step of steps) await step().catch((error: unknown) => log.warn({ err: error }, 'while stopping'))
    process.exit(0)
  }
}
