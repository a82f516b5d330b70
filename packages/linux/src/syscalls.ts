import { createRequire } from 'node:module'
import { SystemError } from './system-error.ts'

/**
 * System calls that Node does not offer. Everything else about a descriptor (read, write, fstat, close) is Node's.
 */
export interface Syscalls {
  /**
   * openat(2): opens `name` below the directory that `dirFd` holds, whatever its path has become since. Returns a
   * descriptor that is closed on exec. Throws a `SystemError`.
   */
  openat(dirFd: number, name: string, flags: number): number
  /**
   * poll(2) on one descriptor: waits at most `timeoutMs` and returns the events that came, 0 for none or when a signal
   * arrived first. Blocks the whole thread: keep it to a few milliseconds. Throws a `SystemError`.
   */
  poll(fd: number, events: number, timeoutMs: number): number
}

/** Linux's values, the same on x86-64 and arm64. */
const O_CLOEXEC = 0o2000000
/** Exceptional condition: how kernfs announces that a file's content changed (poll(2), cgroups(7)). */
export const POLLPRI = 0x0002

const EINTR = 4
/** struct pollfd { int fd; short events; short revents; } */
const POLLFD_BYTES = 8

type OpenatCall = (dirFd: number, path: string, flags: number) => number
type PollCall = (fds: Uint8Array, count: number, timeoutMs: number) => number

const load = (): Syscalls => {
  // Loaded on first use: the unprivileged agent shares these rooms and never needs native code.
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi')
  const libc = koffi.load(null)
  // Variadic in C; without O_CREAT the mode is never read.
  const openatCall: OpenatCall = libc.func('int openat(int dirfd, const char *path, int flags)')
  const pollCall: PollCall = libc.func('int poll(_Inout_ uint8_t *fds, unsigned long count, int timeout)')
  const pollfd = Buffer.alloc(POLLFD_BYTES)

  return {
    openat: (dirFd, name, flags) => {
      const fd = openatCall(dirFd, name, flags | O_CLOEXEC)
      if (fd < 0) throw new SystemError('openat', koffi.errno(), name)
      return fd
    },
    poll: (fd, events, timeoutMs) => {
      pollfd.writeInt32LE(fd, 0)
      pollfd.writeInt16LE(events, 4)
      pollfd.writeInt16LE(0, 6)
      const ready = pollCall(pollfd, 1, timeoutMs)
      if (ready >= 0) return pollfd.readInt16LE(6)
      const errno = koffi.errno()
      if (errno === EINTR) return 0
      throw new SystemError('poll', errno, `descriptor ${fd}`)
    },
  }
}

let loaded: Syscalls | undefined

/** The kernel's calls. Throws if the native library cannot be loaded on this platform. */
export const linuxSyscalls = (): Syscalls => {
  loaded ??= load()
  return loaded
}
