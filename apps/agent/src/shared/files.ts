import { closeSync, fdatasyncSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs'

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** Whether `error` says that the file is not there. */
export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT'

/** The file's text, or null if it is not there. Other faults are thrown. */
export const readIfThere = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

export const unlinkIfThere = (path: string): void => {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

/** Replaces a file's content as one step, mode 0600: a reader sees the old or the new text, never a part. */
export const replaceFile = (path: string, text: string): void => {
  const next = `${path}.next`
  const fd = openSync(next, 'w', 0o600)
  try {
    writeSync(fd, text)
    fdatasyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(next, path)
}
