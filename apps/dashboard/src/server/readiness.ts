import { setTimeout as sleep } from 'node:timers/promises'
import { CorralError, ERRORS } from '@corral/domain'
import type { Logger } from 'pino'
import { VERSION } from './version.ts'

/** Whether the dashboard can do its work, and if not, why: what `/healthz` says. */

/** Answer of `GET /healthz`; `reason` only when not ok. */
export interface Health {
  readonly ok: boolean
  readonly version: string
  readonly database: 'up' | 'down'
  /** Agents connected right now. */
  readonly agents: number
  readonly reason?: string
}

export interface Readiness {
  /** Whether everything was ready once; from then on pages are served even while the database is away. */
  readonly started: boolean
  /** What is being waited for, in words for people. */
  readonly reason: string
  check(): Promise<Health>
}

export interface ReadinessParts {
  /** Resolves when the database answers. */
  readonly ping: () => Promise<void>
  /** Brings the database's tables to this version. */
  readonly migrate: () => Promise<{ readonly applied: readonly string[] }>
  readonly agents: () => number
  /** Resolves when pages can be drawn. */
  readonly pages: Promise<void>
  /** Called once, when the tables are there. */
  readonly onMigrated: () => void
  readonly log: Logger
}

/** A database that does not answer for this long counts as down. */
const PING_MS = 2000
/** One question to the database answers everybody who asks within this time. */
const KEEP_MS = 500
/** Wait between two attempts to reach the database at start; the launcher waits for us. */
const RETRY_MS = 250

/** Ends early, and without an error, when `signal` aborts. */
const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => {})

/** A reason that is fit for strangers: addresses and passwords stay in the log. */
const publicReason = (error: unknown): string => {
  const { title, hint } = ERRORS[error instanceof CorralError ? error.code : 'internal']
  return `${title}. ${hint}`
}

/** Applies migrations, again and again until the database lets it or `signal` aborts; then waits for the pages. */
export const becomeReady = (parts: ReadinessParts, signal: AbortSignal): Readiness => {
  let started = false
  let reason = 'The database is being prepared.'
  const prepare = async (): Promise<void> => {
    for (let said = ''; !signal.aborted; await pause(RETRY_MS, signal)) {
      try {
        const { applied } = await parts.migrate()
        if (applied.length > 0) parts.log.info({ applied }, 'database migrated')
        parts.onMigrated()
        break
      } catch (error) {
        reason = publicReason(error)
        if (said !== reason) parts.log.error({ err: error }, 'the database cannot be prepared; trying again')
        said = reason
      }
    }
    reason = 'The pages are being loaded.'
    await parts.pages
    started = !signal.aborted
    if (started) parts.log.info('ready')
  }
  void prepare()

  let kept: { readonly untilMs: number; readonly health: Promise<Health> } | null = null
  const look = async (): Promise<Health> => {
    const base = { version: VERSION, agents: parts.agents() }
    try {
      await withDeadline(parts.ping(), PING_MS)
    } catch (error) {
      return { ok: false, ...base, database: 'down', reason: publicReason(error) }
    }
    return started ? { ok: true, ...base, database: 'up' } : { ok: false, ...base, database: 'up', reason }
  }
  return {
    get started() {
      return started
    },
    get reason() {
      return reason
    },
    check() {
      const now = performance.now()
      // A health that is not ok is asked for anew: whoever waits for us shall not wait longer than needed.
      if (kept === null || kept.untilMs < now || !started) kept = { untilMs: now + KEEP_MS, health: look() }
      return kept.health
    },
  }
}

const withDeadline = async (work: Promise<void>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CorralError('database-down', `no answer within ${ms} ms`)), ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
