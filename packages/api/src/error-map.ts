import { randomBytes } from 'node:crypto'
import { CorralError, ERRORS, type ErrorCode, type ErrorEntry } from '@corral/domain'
import { describeInputError } from '@corral/services'
import { TRPCError } from '@trpc/server'

/** The one place where what went wrong becomes what people and logs read. */

/** What a browser or agent learns of an error, as `error.data.corral`. */
export interface CorralErrorData {
  readonly code: ErrorCode
  readonly title: string
  readonly hint: string
  /** What exactly, for people; null when nobody outside may know or there is nothing to add. */
  readonly detail: string | null
  /** Also in the log: what a person quotes to whoever runs this. */
  readonly id: string
}

export interface MappedError extends CorralErrorData {
  readonly log: ErrorEntry['log']
  readonly trpc: ErrorEntry['trpc']
}

/** What tRPC itself refuses, before any of our code is reached. */
const BY_TRPC_CODE: Partial<Record<TRPCError['code'], ErrorCode>> = {
  PARSE_ERROR: 'bad-input',
  BAD_REQUEST: 'bad-input',
  UNSUPPORTED_MEDIA_TYPE: 'bad-input',
  METHOD_NOT_SUPPORTED: 'bad-input',
  UNPROCESSABLE_CONTENT: 'bad-input',
  NOT_FOUND: 'not-found',
  UNAUTHORIZED: 'not-signed-in',
  FORBIDDEN: 'not-allowed',
  TOO_MANY_REQUESTS: 'too-much',
  PAYLOAD_TOO_LARGE: 'too-much',
}

const mapped = (code: ErrorCode, detail: string | null, id: string): MappedError => {
  const { title, hint, log, trpc } = ERRORS[code]
  // What happened inside is for the log, which has the id.
  return { code, title, hint, detail: code === 'internal' ? null : detail, id, log, trpc }
}

const read = (error: unknown, id: string): MappedError => {
  if (error instanceof CorralError) return mapped(error.code, error.detail, id)
  const input = describeInputError(error)
  if (input !== null) return mapped('bad-input', input, id)
  if (!(error instanceof TRPCError)) return mapped('internal', null, id)
  if (error.cause instanceof CorralError || describeInputError(error.cause) !== null) return read(error.cause, id)
  return mapped(BY_TRPC_CODE[error.code] ?? 'internal', null, id)
}

const seen = new WeakMap<object, MappedError>()

/** Describes an error; the same error always with the same id, so that answer and log agree. */
export const mapError = (error: unknown): MappedError => {
  const key = typeof error === 'object' && error !== null ? error : {}
  const known = seen.get(key)
  if (known) return known
  const fresh = read(error, randomBytes(6).toString('hex'))
  seen.set(key, fresh)
  return fresh
}

/** The error as tRPC sends it: with the code (and so the HTTP status) that the table gives it. */
export const toTrpcError = (error: unknown): TRPCError => {
  const { trpc, title } = mapError(error)
  return error instanceof TRPCError && error.code === trpc
    ? error
    : new TRPCError({ code: trpc, message: title, cause: error instanceof TRPCError ? error.cause : error })
}
