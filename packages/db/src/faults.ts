import { CorralError } from '@corral/domain'

/**
 * Errors of pg and Prisma → `CorralError`. Both bury the cause: pg in an `AggregateError` (one per address tried),
 * Prisma in `meta.driverAdapterError.cause`. So every code found on the way down is looked at.
 */

/** Node's errors of sockets and names. */
const SOCKET_CODES = new Set([
  'EACCES',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])

/** Prisma: cannot sign in, cannot reach, time-out, no such database, closed, no free connection, no transaction. */
const PRISMA_DOWN = new Set(['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1011', 'P1017', 'P2024', 'P2028'])

/** What Prisma's driver adapter calls them where it keeps no code. */
const PRISMA_DOWN_KINDS = new Set([
  'AuthenticationFailed',
  'ConnectionClosed',
  'DatabaseAccessDenied',
  'DatabaseDoesNotExist',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TlsConnectionError',
  'TooManyConnections',
])

/** pg throws these without a code. */
const PG_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Connection ended|Cannot use a pool after calling end|The server does not support SSL)/

/**
 * SQLSTATE classes (https://www.postgresql.org/docs/current/errcodes-appendix.html): 08 connection, 25006 read-only
 * standby, 28 sign-in, 3D no such database, 53 out of disk, memory or connections, 57 shut down or timed out, 58
 * input/output error. All of them end when someone brings Postgres back, and nothing was stored.
 */
const DOWN_STATE = /^(08|28|3D|53|57|58)[0-9A-Z]{3}$|^25006$/

/** Class 22: a value that Postgres cannot hold, such as text with U+0000. */
const BAD_VALUE_STATE = /^22[0-9A-Z]{3}$/

const field = (value: object, name: string): unknown => (value as Record<string, unknown>)[name]

/** The error and every error it was made from. */
const causes = (error: unknown): object[] => {
  const found = new Set<object>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || found.has(value) || found.size > 32) return
    if (Array.isArray(value)) {
      for (const one of value) walk(one)
      return
    }
    found.add(value)
    for (const name of ['cause', 'errors', 'meta', 'driverAdapterError']) walk(field(value, name))
  }
  walk(error)
  return [...found]
}

const texts = (error: unknown, names: readonly string[]): string[] =>
  causes(error)
    .flatMap((cause) => names.map((name) => field(cause, name)))
    .filter((text): text is string => typeof text === 'string')

const codesOf = (error: unknown): string[] => texts(error, ['code', 'originalCode'])

/** Whether the database answered with this SQLSTATE, or Prisma with this code. */
export const hasCode = (error: unknown, code: string): boolean => codesOf(error).includes(code)

const isDown = (error: unknown): boolean =>
  codesOf(error).some((code) => SOCKET_CODES.has(code) || PRISMA_DOWN.has(code) || DOWN_STATE.test(code)) ||
  texts(error, ['kind']).some((kind) => PRISMA_DOWN_KINDS.has(kind)) ||
  texts(error, ['message']).some((message) => PG_MESSAGES.test(message))

/** Postgres' own words where there are some, else the last line of the first message (Prisma puts a stack above it). */
const reason = (error: unknown): string => {
  const words = [...texts(error, ['originalMessage']), ...texts(error, ['message', 'code'])]
  return (
    words
      .find((text) => text.trim() !== '')
      ?.trim()
      .split('\n')
      .at(-1) ?? String(error)
  )
}

/**
 * `database-down` for whatever keeps Postgres from answering, `bad-input` for a value it cannot hold; every other
 * error as it was.
 */
export const toCorralError = (error: unknown): unknown => {
  if (error instanceof CorralError) return error
  if (isDown(error)) return new CorralError('database-down', reason(error), { cause: error })
  if (codesOf(error).some((code) => BAD_VALUE_STATE.test(code)))
    return new CorralError('bad-input', reason(error), { cause: error })
  return error
}

/** Does the work; its faults are thrown as `toCorralError` has them. */
export const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw toCorralError(error)
  }
}
