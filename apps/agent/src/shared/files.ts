import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** Whether `error` says that the file is not there. */
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT'

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

/** Makes what was created, renamed or removed in `dir` outlive a loss of power (fsync(2), "NOTES"). */
const syncDir = (dir: string): void => {
  const fd = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Makes a file that was not there, mode 0600, and hands its descriptor to `fill`. Never follows a link: whoever may
 * write to the directory cannot make us write elsewhere.
 */
export const createFile = (path: string, fill: (fd: number) => void): void => {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    fill(fd)
    fdatasyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Replaces a file's content as one step, mode 0600: a reader sees the old or the new text, never a part. On disk,
 * name and content, when it returns.
 */
export const replaceFile = (path: string, text: string): void => {
  const next = `${path}.next`
  unlinkIfThere(next)
  createFile(next, (fd) => writeSync(fd, text))
  renameSync(next, path)
  syncDir(dirname(path))
}
