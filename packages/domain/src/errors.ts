/**
 * Every error a person can meet: a permanent code, a title, a hint that says what to do, how loud the log is, and
 * the tRPC code (https://trpc.io/docs/server/error-handling) it travels as. Never `TIMEOUT`: that is HTTP 408, and a
 * browser repeats a POST that was answered so (RFC 9110, 15.5.9), which would ask for the act again.
 */

export interface ErrorEntry {
  readonly title: string
  readonly hint: string
  readonly trpc:
    | 'BAD_REQUEST'
    | 'UNAUTHORIZED'
    | 'FORBIDDEN'
    | 'NOT_FOUND'
    | 'GATEWAY_TIMEOUT'
    | 'CONFLICT'
    | 'PRECONDITION_FAILED'
    | 'TOO_MANY_REQUESTS'
    | 'INTERNAL_SERVER_ERROR'
    | 'SERVICE_UNAVAILABLE'
  readonly log: 'debug' | 'info' | 'warn' | 'error'
}

const entry = (title: string, hint: string, trpc: ErrorEntry['trpc'], log: ErrorEntry['log']): ErrorEntry => ({
  title,
  hint,
  trpc,
  log,
})

export const ERRORS = {
  'not-signed-in': entry(
    'You are not signed in',
    'Open a new sign-in link: npm start prints one.',
    'UNAUTHORIZED',
    'info',
  ),
  'not-allowed': entry('Your role does not allow this', 'Ask an admin for a role that does.', 'FORBIDDEN', 'info'),
  'wrong-origin': entry(
    'This came from another address than Corral',
    'Open Corral at its own address and try again there.',
    'FORBIDDEN',
    'warn',
  ),
  'bad-input': entry('That input cannot be read', 'Correct the named field and send it again.', 'BAD_REQUEST', 'info'),
  'not-found': entry('There is no such thing here', 'It may have ended; go back to the fleet.', 'NOT_FOUND', 'debug'),
  'host-offline': entry(
    'The host is not connected',
    'Check that corral-agent runs there and can reach this dashboard. Nothing was sent; nothing will happen later.',
    'SERVICE_UNAVAILABLE',
    'info',
  ),
  'observe-only': entry(
    'This host is observed only',
    'Its agent runs without a warden. Start Corral as root on that host to act on its containers.',
    'PRECONDITION_FAILED',
    'info',
  ),
  'protected-target': entry(
    'This group is protected',
    'It holds Corral, its database, init, sshd, a login session or a runtime daemon. Choose a group below it.',
    'FORBIDDEN',
    'info',
  ),
  'stale-target': entry(
    'The group is not the one that was named',
    'It ended, or another group took its path. Reload and choose again.',
    'CONFLICT',
    'info',
  ),
  'freeze-timeout': entry(
    'Not every process could be frozen',
    'Everything was thawed again. The named processes wait inside the kernel; try again when they return.',
    'CONFLICT',
    'warn',
  ),
  'frozen-ancestor': entry(
    'A group above this one is frozen',
    'Thaw the ancestor; thawing this group alone changes nothing.',
    'PRECONDITION_FAILED',
    'info',
  ),
  'foreign-freeze': entry(
    'Someone else froze this group',
    'Its runtime paused it. Thaw it there (for Docker: docker unpause).',
    'CONFLICT',
    'info',
  ),
  'command-expired': entry(
    'The command came too late and was not run',
    'The host or the link was slow. Send it again.',
    'GATEWAY_TIMEOUT',
    'warn',
  ),
  'no-answer': entry(
    'The host did not confirm in time',
    'It may still have acted: look at the state of the container before you try again.',
    'GATEWAY_TIMEOUT',
    'warn',
  ),
  'command-repeated': entry('This command was already run', 'Reload to see its outcome.', 'CONFLICT', 'warn'),
  'kernel-refused': entry(
    'The kernel refused the change',
    'The detail names the file and the reason the kernel gave.',
    'PRECONDITION_FAILED',
    'warn',
  ),
  'database-down': entry(
    'The database cannot be reached',
    'Live values go on. Actions wait until what is done can be written down: bring Postgres back.',
    'SERVICE_UNAVAILABLE',
    'error',
  ),
  'bad-token': entry(
    'The enrolment token is not valid',
    'It is wrong, used or older than 15 minutes. Make a new one in the dashboard.',
    'UNAUTHORIZED',
    'warn',
  ),
  'bad-proof': entry(
    'The other side could not prove who it is',
    'Enrol this host again; if that does not help, someone is in between.',
    'UNAUTHORIZED',
    'warn',
  ),
  'wrong-version': entry(
    'Agent and dashboard speak different versions',
    'Update the older of the two.',
    'PRECONDITION_FAILED',
    'warn',
  ),
  'too-much': entry('Too much at once', 'Wait a moment, then send less.', 'TOO_MANY_REQUESTS', 'warn'),
  internal: entry(
    'Something went wrong in Corral',
    'Try again; report the error id if it stays.',
    'INTERNAL_SERVER_ERROR',
    'error',
  ),
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof ERRORS

export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(ERRORS, text)

/** A refusal or fault with a permanent code. `detail` is for people: what exactly, with names and numbers. */
export class CorralError extends Error {
  readonly code: ErrorCode
  readonly detail: string | null

  constructor(code: ErrorCode, detail: string | null = null, options?: ErrorOptions) {
    super(detail === null ? ERRORS[code].title : `${ERRORS[code].title}: ${detail}`, options)
    this.name = 'CorralError'
    this.code = code
    this.detail = detail
  }
}
