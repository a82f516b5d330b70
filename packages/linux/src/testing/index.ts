import { openSync } from 'node:fs'
import type { Syscalls } from '../syscalls.ts'
import { SystemError } from '../system-error.ts'

export type RecordedCall =
  | { readonly call: 'openat'; readonly name: string }
  | { readonly call: 'poll'; readonly timeoutMs: number }

export interface RecordingSyscalls extends Syscalls {
  /** Every call, in order. */
  readonly calls: RecordedCall[]
  /** The next `openat` of `name` fails with this errno. */
  failOpen(name: string, errno: number): void
}

export interface SyscallHooks {
  /** Called before each `openat`. */
  readonly onOpen?: (name: string, flags: number) => void
  /** Called for each `poll`; returns the events that came. */
  readonly onPoll?: () => number
}

/**
 * System calls for tests over a temp dir: `openat` really opens, through procfs, and `poll` does not wait. In the hooks
 * a test changes the files as the kernel would have.
 */
export const createRecordingSyscalls = (hooks: SyscallHooks = {}): RecordingSyscalls => {
  const calls: RecordedCall[] = []
  const failures = new Map<string, number>()
  return {
    calls,
    failOpen: (name, errno) => void failures.set(name, errno),
    openat: (dirFd, name, flags) => {
      calls.push({ call: 'openat', name })
      hooks.onOpen?.(name, flags)
      const errno = failures.get(name)
      failures.delete(name)
      if (errno !== undefined) throw new SystemError('openat', errno, name)
      return openSync(`/proc/self/fd/${dirFd}/${name}`, flags)
    },
    poll: (_fd, _events, timeoutMs) => {
      calls.push({ call: 'poll', timeoutMs })
      return hooks.onPoll?.() ?? 0
    },
  }
}
