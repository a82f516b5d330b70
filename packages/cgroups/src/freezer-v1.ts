import { CorralError } from '@corral/domain'
import type { Freezer } from './freezer.ts'
import { type GroupHandle, handleDir, listProcesses, openInTree, readFile, writeFile } from './handle.ts'
import { createTreeFinder } from './other-tree.ts'
import { groupDir } from './paths.ts'
import { findStranger } from './processes.ts'
import { FROZEN_IN } from './unfrozen.ts'

const STATE = 'freezer.state'
/** Every so many tries the group runs for a moment, so that what hangs between two states can leave it. */
const LET_GO_EVERY = 50
const LET_GO_MS = 1

/** The group's place in the freezer's tree; null if it has none of its own. */
export const openFreezerGroup = (handle: GroupHandle): GroupHandle | null => {
  const freezer = handle.layout.byController.get('freezer')
  const place = freezer && createTreeFinder(handle.layout, handle.path, handleDir(handle))(freezer)
  return freezer && place ? openInTree(handle, groupDir(freezer, place.path), place.path) : null
}

/** Freezing by a group of another name must not reach anybody else. */
const refuseStrangers = (handle: GroupHandle, there: GroupHandle): void => {
  const own = new Set(listProcesses(handle))
  const stranger = findStranger(
    handle.layout,
    handle.path,
    listProcesses(there).filter((pid) => !own.has(pid)),
  )
  if (stranger !== null)
    throw new CorralError('kernel-refused', `its freezer group ${there.path} also holds process ${stranger}`)
}

/**
 * Freezing through v1's freezer: write `FROZEN` to `freezer.state` and read until it says so. Under fork load it can
 * stay `FREEZING`; writing again, and now and then letting go for a moment, gets it there (runc does the same).
 * Source: Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst.
 */
export const openFreezerV1 = (handle: GroupHandle): Freezer => {
  const there = openFreezerGroup(handle)
  if (!there) throw new CorralError('kernel-refused', `${handle.path} has no freezer group of its own`)
  let tries = 0
  const ask = (frozen: boolean): void => writeFile(there, STATE, frozen ? 'FROZEN' : 'THAWED')
  // Nothing to poll: a wait for no descriptor is a sleep.
  const wait = (ms: number): void => void handle.syscalls.poll(-1, 0, ms)
  return {
    file: STATE,
    says: () => readFile(there, STATE),
    isFrozen: () => readFile(there, STATE) === 'FROZEN',
    isAsked: () => readFile(there, 'freezer.self_freezing') === '1',
    isHeldFromAbove: () => readFile(there, 'freezer.parent_freezing') === '1',
    ask: (frozen) => {
      if (frozen) refuseStrangers(handle, there)
      ask(frozen)
    },
    insist: (mayLetGo) => {
      tries += 1
      if (mayLetGo && tries % LET_GO_EVERY === 0) {
        ask(false)
        wait(LET_GO_MS)
      }
      ask(true)
    },
    wait,
    frozenIn: FROZEN_IN.v1,
    processes: () => listProcesses(there),
    [Symbol.dispose]: () => there[Symbol.dispose](),
  }
}
