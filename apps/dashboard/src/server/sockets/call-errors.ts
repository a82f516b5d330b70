import { CorralError, ERRORS } from '@corral/domain'
import type { TRPCError } from '@trpc/server'
import type { Logger } from 'pino'

/** Writes down a call that failed, as loud as its code says; what tRPC itself refused counts as bad input. */
export const logCallErrors =
  (log: Logger, door: 'live' | 'agent' | 'http') =>
  ({
    error,
    path,
    type,
  }: {
    readonly error: TRPCError
    readonly path: string | undefined
    readonly type: string
  }): void => {
    const { cause } = error
    const ours = cause instanceof CorralError
    const level = ours ? ERRORS[cause.code].log : error.code === 'INTERNAL_SERVER_ERROR' ? 'error' : 'info'
    const fields = { door, path, type, code: ours ? cause.code : error.code }
    // A refusal is a sentence; a fault needs to be found.
    if (level === 'error') log.error({ ...fields, err: cause ?? error }, 'a call failed')
    else log[level]({ ...fields, detail: error.message }, 'a call was refused')
  }
