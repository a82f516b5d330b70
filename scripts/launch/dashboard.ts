import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Part, startPart, whenReady } from './child.ts'
import { DASHBOARD_OWNER, isRoot, makeDir, repoRoot } from './paths.ts'
import { place } from './place.ts'
import { StartError, waitUntil } from './steps.ts'

/** The dashboard as a part of a start: placed, started, waited for, and asked for tokens and links. */

export interface DashboardHome {
  readonly dataDir: string
  readonly url: string
  readonly port: number
  readonly databaseUrl: string
}

const serverFile = (dataDir: string): string => join(dataDir, 'app/dashboard/standalone/apps/dashboard/server.mjs')

const environment = (home: DashboardHome): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  PORT: String(home.port),
  HOST: '127.0.0.1',
  CORRAL_PUBLIC_URL: home.url,
  CORRAL_SECRET_DIR: join(home.dataDir, 'secrets'),
  DATABASE_URL: home.databaseUrl,
  ...(isRoot && { CORRAL_RUN_UID: String(DASHBOARD_OWNER.uid), CORRAL_RUN_GID: String(DASHBOARD_OWNER.gid) }),
})

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/healthz`)).ok
  } catch {
    return false
  }
}

/** Starts the dashboard; resolves when `/healthz` says that it is ready. */
export const startDashboard = async (home: DashboardHome, signal: AbortSignal): Promise<Part> => {
  const app = join(home.dataDir, 'app/dashboard')
  place(app, { standalone: join(repoRoot, 'apps/dashboard/.next/standalone') })
  makeDir(join(home.dataDir, 'secrets'), 0o700, DASHBOARD_OWNER)
  const logFile = join(home.dataDir, 'logs/dashboard.log')
  const part = startPart({
    name: 'Dashboard',
    command: process.execPath,
    args: [serverFile(home.dataDir)],
    env: environment(home),
    cwd: app,
    logFile,
  })
  const ready = (): Promise<boolean> => {
    if (part.process.exitCode !== null) {
      const last = readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n')
      throw new StartError(`The dashboard ended at once; ${logFile} ends with:\n${last}`)
    }
    return isReady(home.url)
  }
  const late = () => `The dashboard is not ready after 30 s; ${logFile} says why.`
  return whenReady(part, waitUntil(ready, signal, 30_000, late))
}

/** Runs a subcommand of the dashboard and returns the one line it prints. */
export const askDashboard = (home: DashboardHome, subcommand: 'enrol-token' | 'sign-in-link'): string => {
  const done = spawnSync(process.execPath, [serverFile(home.dataDir), subcommand], {
    encoding: 'utf8',
    env: environment(home),
    cwd: join(home.dataDir, 'app/dashboard'),
  })
  const line = done.stdout?.trim().split('\n').at(-1)
  if (done.status !== 0 || !line) throw new StartError(`corral-dashboard ${subcommand} failed:\n${done.stderr}`)
  return line
}
