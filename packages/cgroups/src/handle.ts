import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { type CgroupId, CorralError, type GroupPath } from '@corral/domain'
import { errorCode, linuxSyscalls, type Syscalls } from '@corral/linux'
import { checkPath, groupDir, parentPath, ROOT } from './paths.ts'
import { pidsBelow } from './processes.ts'
import type { GroupTarget, HostLayout } from './types.ts'

/** An open group: whatever becomes of its path, everything done through this reaches that group or nothing. */
export interface GroupHandle extends Disposable, GroupTarget {
  readonly layout: HostLayout
  /** The group's directory in the primary tree. */
  readonly dirFd: number
  readonly syscalls: Syscalls
}

const MOST_BYTES = 4096

const gone = (target: GroupTarget): CorralError => new CorralError('stale-target', `${target.path} has ended`)

/** Opens a directory; throws `CorralError('stale-target')` if there is none. */
const openDirectory = (dir: Buffer, target: GroupTarget): number => {
  try {
    return openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  } catch (error) {
    if (['ENOENT', 'ENODEV', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(errorCode(error) ?? '')) throw gone(target)
    throw error
  }
}

/**
 * Opens the group that `target` names. Throws `CorralError('stale-target')` when it has ended or another group has
 * taken its path, and `CorralError('bad-input')` for a path that no group can have.
 */
export const openGroup = (
  layout: HostLayout,
  target: GroupTarget,
  syscalls: Syscalls = linuxSyscalls(),
): GroupHandle => {
  checkPath(target.path)
  const dirFd = openDirectory(groupDir(layout.primary, target.path), target)
  const found = String(fstatSync(dirFd, { bigint: true }).ino) as CgroupId
  if (found !== target.cgroupId) {
    closeSync(dirFd)
    throw new CorralError('stale-target', `${target.path} is now group ${found}, not ${target.cgroupId}`)
  }
  return handleOf(layout, target, dirFd, syscalls)
}

const handleOf = (layout: HostLayout, target: GroupTarget, dirFd: number, syscalls: Syscalls): GroupHandle => {
  let open = true
  return {
    layout,
    cgroupId: target.cgroupId,
    path: target.path,
    dirFd,
    syscalls,
    [Symbol.dispose]: () => {
      if (open) closeSync(dirFd)
      open = false
    },
  }
}

/** The same face on a group of another hierarchy, for the files that only that one has. */
export const openInTree = (handle: GroupHandle, mountDir: Buffer, path: GroupPath): GroupHandle =>
  handleOf(
    handle.layout,
    { cgroupId: handle.cgroupId, path },
    openDirectory(mountDir, { cgroupId: handle.cgroupId, path }),
    handle.syscalls,
  )

/** The group's directory as a path that follows the open group and not its name. */
export const handleDir = (handle: GroupHandle): Buffer => Buffer.from(`/proc/self/fd/${handle.dirFd}`)

/** Whether the group still exists: the kernel answers for no file of a group that was removed. */
const isAlive = (handle: GroupHandle): boolean => {
  try {
    closeSync(handle.syscalls.openat(handle.dirFd, 'cgroup.procs', constants.O_RDONLY))
    return true
  } catch {
    return false
  }
}

/** Turns a fault on one of the group's files into what a person can act on. */
const explain = (handle: GroupHandle, action: string, error: unknown): unknown => {
  const code = errorCode(error)
  if (code === null) return error
  if (code === 'ENODEV' || !isAlive(handle)) return gone(handle)
  return new CorralError('kernel-refused', `${action} of ${handle.path}: ${code}`, { cause: error })
}

/** Opens one of the group's files for reading. Throws `CorralError('stale-target' | 'kernel-refused')`. */
export const openFile = (handle: GroupHandle, name: string): number => {
  try {
    return handle.syscalls.openat(handle.dirFd, name, constants.O_RDONLY)
  } catch (error) {
    throw explain(handle, `opening ${name}`, error)
  }
}

/** What a small file says now, without the last newline. Throws as `openFile` does. */
export const readOpenFile = (handle: GroupHandle, name: string, fd: number): string => {
  const buffer = Buffer.alloc(MOST_BYTES)
  try {
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, MOST_BYTES, 0)).trimEnd()
  } catch (error) {
    throw explain(handle, `reading ${name}`, error)
  }
}

export const readFile = (handle: GroupHandle, name: string): string => {
  const fd = openFile(handle, name)
  try {
    return readOpenFile(handle, name, fd)
  } finally {
    closeSync(fd)
  }
}

/** Writes a value in one call, as the kernel wants it. Throws as `openFile` does, naming file and value. */
export const writeFile = (handle: GroupHandle, name: string, value: string): void => {
  const action = `writing ${JSON.stringify(value)} to ${name}`
  let fd: number
  try {
    fd = handle.syscalls.openat(handle.dirFd, name, constants.O_WRONLY)
  } catch (error) {
    throw explain(handle, action, error)
  }
  try {
    writeSync(fd, value)
  } catch (error) {
    throw explain(handle, action, error)
  } finally {
    closeSync(fd)
  }
}

/** Processes in the group and below it. */
export const listProcesses = (handle: GroupHandle): number[] => [...pidsBelow(handleDir(handle))]

/**
 * The nearest group above for which `look` is true, without the root. `look` gets the way up from the open directory
 * (`../`, `../../`, …), so that a moved name cannot lead elsewhere.
 */
export const findAbove = (path: GroupPath, look: (up: string) => boolean): GroupPath | null => {
  let up = ''
  for (let above = parentPath(path); above !== null && above !== ROOT; above = parentPath(above)) {
    up += '../'
    if (look(up)) return above
  }
  return null
}
