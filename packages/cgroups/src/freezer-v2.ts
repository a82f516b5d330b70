import { closeSync } from 'node:fs'
import { parseFlatKeyed } from '@corral/kernel-text'
import { POLLPRI } from '@corral/linux'
import type { Freezer } from './freezer.ts'
import { findAbove, type GroupHandle, listProcesses, openFile, readFile, readOpenFile, writeFile } from './handle.ts'
import { FROZEN_IN } from './unfrozen.ts'

const EVENTS = 'cgroup.events'
const FREEZE = 'cgroup.freeze'

/** The nearest group above that is asked to be frozen. */
export const frozenAbove = (handle: GroupHandle) =>
  findAbove(handle.path, (up) => readFile(handle, `${up}${FREEZE}`) === '1')

export const isAskedV2 = (handle: GroupHandle): boolean => readFile(handle, FREEZE) === '1'

export const isFrozenV2 = (events: string): boolean => parseFlatKeyed(events, ['frozen']).frozen === 1

/**
 * Freezing through cgroup2: write `cgroup.freeze`, and `cgroup.events` says `frozen 1` when all of the group and what
 * is below it stands still. The file announces changes to poll(2).
 * Source: Documentation/admin-guide/cgroup-v2.rst, "cgroup.freeze".
 */
export const openFreezerV2 = (handle: GroupHandle): Freezer => {
  const fd = openFile(handle, EVENTS)
  const isFrozen = (): boolean => isFrozenV2(readOpenFile(handle, EVENTS, fd))
  return {
    file: EVENTS,
    says: () => `frozen ${isFrozen() ? 1 : 0}`,
    isFrozen,
    isAsked: () => isAskedV2(handle),
    isHeldFromAbove: () => frozenAbove(handle) !== null,
    ask: (frozen) => writeFile(handle, FREEZE, frozen ? '1' : '0'),
    // Once asked, the kernel goes on by itself.
    insist: () => {},
    wait: (ms) => void handle.syscalls.poll(fd, POLLPRI, ms),
    frozenIn: FROZEN_IN.v2,
    processes: () => listProcesses(handle),
    [Symbol.dispose]: () => closeSync(fd),
  }
}
