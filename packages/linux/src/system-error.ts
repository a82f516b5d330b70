import { getSystemErrorName } from 'node:util'

/** A system call failed. `code` is the errno's name (`ENOENT`), as on Node's own file errors. */
export class SystemError extends Error {
  override readonly name = 'SystemError'
  readonly syscall: string
  readonly errno: number
  readonly code: string

  /** `subject` says on what: a file's name, with its directory where that is known. */
  constructor(syscall: string, errno: number, subject: string) {
    const code = errnoName(errno)
    super(`${code}: ${syscall} ${subject}`)
    this.syscall = syscall
    this.errno = errno
    this.code = code
  }
}

const errnoName = (errno: number): string => {
  try {
    return getSystemErrorName(-errno)
  } catch {
    return `E${errno}`
  }
}

/** The errno's name of a `SystemError` or of an error from Node's file calls; null for anything else. */
export const errorCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
