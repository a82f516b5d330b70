import { appendFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BootId } from '@corral/domain'
import { readIfThere, replaceFile, unlinkIfThere } from '../shared/files.ts'

/** Most ids remembered. Commands live at most 60 s, so an id that fell out is refused by its deadline. */
const MOST_IDS = 20_000

/** The ids of the commands that were started in this boot. */
export interface ExecutedCommands {
  has(commandId: string): boolean
  /** Remembers an id on disk; to be called before the act. Throws if it cannot be written. */
  add(commandId: string): void
}

/**
 * Opens the list in `dir`. Files of other boots are removed: their commands are refused by the boot id. There is no
 * fsync: what loses the page cache ends the boot, and with it every command in the list.
 */
export const openExecutedCommands = (dir: string, bootId: BootId): ExecutedCommands => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const name = `executed-${bootId}`
  for (const other of readdirSync(dir)) {
    if (other.startsWith('executed-') && other !== name) unlinkIfThere(join(dir, other))
  }
  const path = join(dir, name)
  const ids = new Set((readIfThere(path) ?? '').split('\n').filter((line) => line.length === 36))
  let lines = ids.size

  return {
    has: (commandId) => ids.has(commandId),
    add: (commandId) => {
      ids.add(commandId)
      for (const oldest of ids) {
        if (ids.size <= MOST_IDS) break
        ids.delete(oldest)
      }
      if (lines >= 2 * MOST_IDS) {
        replaceFile(path, `${[...ids].join('\n')}\n`)
        lines = ids.size
        return
      }
      appendFileSync(path, `${commandId}\n`, { mode: 0o600 })
      lines += 1
    },
  }
}
