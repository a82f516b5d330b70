import { join } from 'node:path'
import { startAgent } from './launch/agent.ts'
import { build } from './launch/build.ts'
import { hasEnded, type Part, stopPart } from './launch/child.ts'
import { askDashboard, startDashboard } from './launch/dashboard.ts'
import { DEMO_KINDS, removeDemo, startDemo } from './launch/demo.ts'
import { takeLock } from './launch/lock.ts'
import { readOptions, type StartOptions, USAGE } from './launch/options.ts'
import { dataDir, isRoot, makeDir } from './launch/paths.ts'
import { requirePort } from './launch/port.ts'
import { databaseUrl as embeddedUrl, startPostgres } from './launch/postgres.ts'
import { StartError, sleep, step } from './launch/steps.ts'

/** `npm start`: one host, live and remembered. Everything it starts ends with it. */

interface Running {
  database: Part | null
  dashboard: Part | null
  agent: Part | null
  demo: boolean
}

const running: Running = { database: null, dashboard: null, agent: null, demo: false }

/**
 * Stops everything within 5 s. Order: the warden first, because it thaws what it froze and its agent hands over its
 * last points while the dashboard still takes them; the database last, because everyone else writes to it.
 */
const stopAll = async (): Promise<void> => {
  if (running.agent && !(await stopPart(running.agent, 'SIGTERM', 1800)))
    console.error('The warden did not stop in time and was killed; the next start thaws what it left frozen.')
  if (running.demo && !(await removeDemo(dataDir)))
    console.error('Some demo containers could not be removed; the next start tries again.')
  if (running.dashboard) await stopPart(running.dashboard, 'SIGTERM', 1200)
  // SIGINT is Postgres's fast shutdown: it ends connections and writes a checkpoint (postgres(1)).
  if (running.database) await stopPart(running.database, 'SIGINT', 1200)
}

const startAll = async (options: StartOptions, url: string, signal: AbortSignal): Promise<string> => {
  await requirePort(options.port)
  await removeDemo(dataDir)
  await step('Building', signal, () => build(signal))
  let databaseUrl = options.databaseUrl
  if (databaseUrl === null) {
    const database = await step('Starting Postgres', signal, () => startPostgres(dataDir, signal))
    running.database = database.part
    databaseUrl = database.url
  }
  const home = { dataDir, url, port: options.port, databaseUrl }
  running.dashboard = await step('Starting the dashboard', signal, () => startDashboard(home, signal))
  if (options.demo) {
    running.demo = true
    await step('Starting the demo containers', signal, () => startDemo(dataDir))
  }
  signal.throwIfAborted()
  const token = askDashboard(home, 'enrol-token')
  const protect = [process.pid, running.dashboard.process.pid, running.database?.process.pid]
  running.agent = startAgent({ dataDir, url, token, protect: protect.filter((pid) => pid !== undefined) })
  return askDashboard(home, 'sign-in-link')
}

const welcome = (options: StartOptions, url: string, link: string): string =>
  [
    '',
    `Corral runs at ${url}`,
    `Sign in with this link, once, within 15 minutes:\n  ${link}`,
    isRoot
      ? 'This host is live; its containers can be frozen and thawed.'
      : 'This host is observed only: acting on containers needs root (start with sudo).',
    options.demo
      ? `Demo containers: ${DEMO_KINDS.join(', ')}.`
      : 'No containers here? Stop, and try: npm start -- --demo',
    `Data and logs: ${dataDir}. Ctrl-C stops everything.`,
    '',
  ].join('\n')

/** Resolves with null when asked to stop, or with what went wrong: a part that ended, or the npm that started this. */
const untilStop = async (signal: AbortSignal): Promise<string | null> => {
  const parent = process.ppid
  const startedByNpm = process.env.npm_lifecycle_event !== undefined
  while (!signal.aborted) {
    await sleep(200)
    for (const part of [running.database, running.dashboard, running.agent])
      if (part && hasEnded(part)) return `${part.name} ended; ${part.logFile} says why`
    if (startedByNpm && process.ppid !== parent) return 'npm ended'
  }
  return null
}

const printLink = (options: StartOptions, url: string): void => {
  const databaseUrl = options.databaseUrl ?? embeddedUrl(dataDir)
  console.log(askDashboard({ dataDir, url, port: options.port, databaseUrl }, 'sign-in-link'))
}

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options.help) {
    console.log(USAGE)
    return 0
  }
  const url = `http://localhost:${options.port}`
  if (options.signInLink) {
    printLink(options, url)
    return 0
  }
  makeDir(dataDir, 0o711)
  makeDir(join(dataDir, 'logs'), 0o750)
  const unlock = takeLock(dataDir, url)
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort(name))
  try {
    const link = await startAll(options, url, stop.signal)
    console.log(welcome(options, url, link))
    const ended = await untilStop(stop.signal)
    if (ended !== null) console.error(ended)
    return ended === null ? 0 : 1
  } catch (error) {
    // What a stop interrupted is no failure.
    if (!stop.signal.aborted) throw error
    return 0
  } finally {
    console.log('\nStopping …')
    await stopAll()
    unlock()
  }
}

try {
  process.title = 'corral'
  process.exit(await main())
} catch (error) {
  console.error(error instanceof StartError ? error.message : error)
  process.exit(1)
}
