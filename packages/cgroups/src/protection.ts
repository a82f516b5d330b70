import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GroupPath } from '@corral/domain'
import { type ProcessStatus, parseProcessStatus } from '@corral/kernel-text'
import { groupDir, isSelfOrBelow, ROOT } from './paths.ts'
import { groupOfProcess, pidsBelow } from './processes.ts'
import type { HostLayout } from './types.ts'

/** Daemons without which the host, or everybody's containers, cannot be looked after; as /proc/PID/comm shows them. */
const DAEMONS = /^(sshd|sshd-session|dockerd|containerd|containerd-shim.*|podman|crio|systemd.*)$/

const readStatus = (layout: HostLayout, pid: number): ProcessStatus | null => {
  try {
    return parseProcessStatus(readFileSync(join(layout.procRoot, String(pid), 'status'), 'latin1'))
  } catch {
    return null
  }
}

const readComm = (layout: HostLayout, pid: number): string => {
  try {
    return readFileSync(join(layout.procRoot, String(pid), 'comm'), 'latin1').trimEnd()
  } catch {
    return ''
  }
}

/**
 * A name alone proves nothing, any process may call itself `sshd` to escape: a daemon of the host also runs as root and
 * outside of every inner pid namespace.
 */
const isDaemon = (layout: HostLayout, pid: number): boolean => {
  if (!DAEMONS.test(readComm(layout, pid))) return false
  const status = readStatus(layout, pid)
  return status !== null && status.effectiveUid === 0 && status.pidNamespaceDepth === 0
}

/** The processes that `pid` descends from, without init: the shell, the session, the service manager it came from. */
const parentsOf = (layout: HostLayout, pid: number): number[] => {
  const parents: number[] = []
  for (let next = readStatus(layout, pid)?.parentPid; next !== undefined && next > 1; ) {
    if (parents.includes(next)) break
    parents.push(next)
    next = readStatus(layout, next)?.parentPid
  }
  return parents
}

interface Kept {
  readonly path: GroupPath
  readonly reason: string
}

const keptFor = (layout: HostLayout, pids: readonly number[], reason: string): Kept[] =>
  [...new Set(pids)].flatMap((pid) => {
    const path = groupOfProcess(layout, pid)
    return path === null ? [] : [{ path, reason }]
  })

/**
 * What nobody may freeze, limit or kill: the root, and every group that holds, itself or further down, init, one of
 * `ownPids`, a process these descend from (the login session they were started from), sshd or a runtime's daemon.
 * Returns the reason, or null for a group that may be acted on. Looks at the processes as they are now: ask afresh
 * for every act, after the target is open.
 */
export const computeProtection = (
  layout: HostLayout,
  ownPids: readonly number[],
): ((path: GroupPath) => string | null) => {
  const kept = [
    ...keptFor(layout, [1], 'It holds init.'),
    ...keptFor(layout, ownPids, 'It holds Corral itself.'),
    ...keptFor(
      layout,
      ownPids.flatMap((pid) => parentsOf(layout, pid)),
      'It holds the session that Corral was started from.',
    ),
  ]
  return (path) => {
    if (path === ROOT) return 'It is the root: everything runs below it.'
    const found = kept.find((each) => isSelfOrBelow(each.path, path))
    if (found) return found.reason
    for (const pid of pidsBelow(groupDir(layout.primary, path)))
      if (isDaemon(layout, pid)) return `It holds ${readComm(layout, pid)} (process ${pid}).`
    return null
  }
}
