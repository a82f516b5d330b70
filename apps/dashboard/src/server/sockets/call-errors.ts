import { mapError } from '@corral/api'
import type { TRPCError } from '@trpc/server'
import type { Logger } from 'pino'

interface FailedCall {
  readonly error: TRPCError
  readonly path: string | undefined
  readonly type: string
}

/** Writes down a call that failed, as loud as its code says, under the id that the caller was given. */
export const logCallErrors =
  (log: Logger, door: 'live' | 'agent' | 'http') =>
  ({ error, path, type }: FailedCall): void => {
    const { code, detail, id, log: level } = mapError(error)
    const fields = { door, path, type, code, id }
    // A refusal is a sentence; a fault needs to be found.
    if (level === 'error') log.error({ ...fields, err: error.cause ?? error }, 'a call failed')
    else log[level]({ ...fields, detail }, 'a call was refused')
  }
