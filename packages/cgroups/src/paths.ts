import { CorralError, escapeBytes, type GroupPath, unescapeBytes } from '@corral/domain'
import type { Hierarchy } from './types.ts'

/**
 * Group paths. In the printable form a slash is always a separator (no name contains one, and none is ever escaped),
 * so that paths can be cut and compared as text; only here do they become bytes for the file system again.
 */

export const ROOT = '/' as GroupPath

const SLASH = Buffer.from('/')

/** Where the group lies in the file system. The path must come from the kernel or from `checkPath`. */
export const groupDir = (hierarchy: Hierarchy, path: GroupPath): Buffer =>
  path === ROOT ? Buffer.from(hierarchy.mount) : Buffer.concat([Buffer.from(hierarchy.mount), unescapeBytes(path)])

/** The path of a file or subdirectory. */
export const inDir = (dir: Buffer, name: Uint8Array | string): Buffer =>
  Buffer.concat([dir, SLASH, typeof name === 'string' ? Buffer.from(name) : name])

export const childPath = (parent: GroupPath, name: Uint8Array): GroupPath =>
  `${parent === ROOT ? '' : parent}/${escapeBytes(name)}` as GroupPath

/** The group above; null for the root. */
export const parentPath = (path: GroupPath): GroupPath | null => {
  if (path === ROOT) return null
  const slash = path.lastIndexOf('/')
  return slash === 0 ? ROOT : (path.slice(0, slash) as GroupPath)
}

/** Whether `path` is `ancestor` or lies below it. */
export const isSelfOrBelow = (path: GroupPath, ancestor: GroupPath): boolean =>
  ancestor === ROOT || path === ancestor || path.startsWith(`${ancestor}/`)

/** A process outside the reader's cgroup namespace is shown with a path that climbs above the root. */
export const isOutsideView = (path: GroupPath): boolean => path === '/..' || path.startsWith('/../')

const isCanonical = (path: GroupPath): boolean => {
  const [first, ...names] = path.split('/')
  if (first !== '' || names.length === 0 || names.some((name) => name === '' || name === '.' || name === '..'))
    return false
  try {
    const bytes = unescapeBytes(path)
    // Another spelling of the same bytes (`\x2f` for a slash) would pass by the check of the names.
    return escapeBytes(bytes) === path && !bytes.includes(0) && !bytes.includes(0x0a)
  } catch {
    return false
  }
}

/**
 * Takes a path from outside: refuses text that `escapeBytes` does not make, and names that no group can have.
 * Throws `CorralError('bad-input')`.
 */
export const checkPath = (path: GroupPath): void => {
  if (path !== ROOT && !isCanonical(path))
    throw new CorralError('bad-input', `${JSON.stringify(path.slice(0, 200))} is not the path of a group`)
}
