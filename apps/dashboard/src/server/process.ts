import { destination, type Logger, pino } from 'pino'
import type { Env } from './env.ts'

/** What this process is to the machine it runs on. */

/** One JSON line per entry on standard error, so that a subcommand's answer on standard output stays alone. */
export const openLogger = (level: Env['logLevel']): Logger =>
  pino({ name: 'corral-dashboard', level }, destination({ fd: 2, sync: true }))

/**
 * Becomes the given user for good, with no group but its own; does nothing unless started as root.
 * Files made from then on are for this user alone.
 */
export const dropPrivileges = (runAs: Env['runAs']): void => {
  process.umask(0o077)
  if (runAs === null || process.getuid?.() !== 0) return
  process.setgroups?.([])
  process.setgid?.(runAs.gid)
  process.setuid?.(runAs.uid)
}

/** How often a process looks whether the one that started it is still there. */
const LOOK_MS = 500

/** Calls `gone` once when our parent is not `parentPid` any more: a `kill -9` of the launcher leaves no orphan. */
export const watchParent = (parentPid: number | null, gone: () => void): void => {
  if (parentPid === null) return
  const timer = setInterval(() => {
    if (process.ppid === parentPid) return
    clearInterval(timer)
    gone()
  }, LOOK_MS)
  timer.unref()
}
