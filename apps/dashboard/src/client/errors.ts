import { ERRORS, type ErrorCode, isErrorCode } from '@corral/domain'
import { TRPCClientError } from '@trpc/client'

/** An error as people read it. */
export interface Problem {
  readonly code: ErrorCode | 'unreachable'
  readonly title: string
  readonly hint: string
  /** What exactly, with names and numbers. */
  readonly detail: string | null
  /** What the log knows it by. */
  readonly id: string | null
}

const UNREACHABLE: Problem = {
  code: 'unreachable',
  title: 'The dashboard cannot be reached',
  hint: 'Nothing was sent. It goes on by itself when the connection is back.',
  detail: null,
  id: null,
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** What an error of any call says to a person. The server's `data.corral` where there is one. */
export const readProblem = (error: unknown): Problem => {
  const data: unknown = error instanceof TRPCClientError ? error.data : null
  const corral = isRecord(data) ? data.corral : null
  if (isRecord(corral)) {
    const given = text(corral.code)
    const code = given !== null && isErrorCode(given) ? given : 'internal'
    return {
      code,
      title: text(corral.title) ?? ERRORS[code].title,
      hint: text(corral.hint) ?? ERRORS[code].hint,
      detail: text(corral.detail),
      id: text(corral.id),
    }
  }
  // A fault without a shape never reached a procedure: the network, or a proxy in between.
  if (error instanceof TRPCClientError && data === undefined) return UNREACHABLE
  return { code: 'internal', title: ERRORS.internal.title, hint: ERRORS.internal.hint, detail: null, id: null }
}
