import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where everything lives. As root the parts run under user ids of their own; see ARCHITECTURE.md. */

export const repoRoot = fileURLToPath(new URL('../..', import.meta.url))

export const isRoot = process.getuid?.() === 0

export const dataDir = resolve(
  process.env.CORRAL_DATA_DIR ??
    (isRoot ? '/var/lib/corral' : join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local/share'), 'corral')),
)

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/**
 * User ids without an entry in passwd, from the range that systemd reserves for such use
 * (https://systemd.io/UIDS-GIDS: 61184–65519), so that agent and dashboard own nothing but their own folders.
 */
export const AGENT_OWNER: Owner = { uid: 61_301, gid: 61_301 }
export const DASHBOARD_OWNER: Owner = { uid: 61_302, gid: 61_302 }
/** `nobody`: the demo's workers. */
export const DEMO_OWNER: Owner = { uid: 65_534, gid: 65_534 }

/** Makes a folder below the data directory with exactly this mode and, as root, this owner. */
export const makeDir = (path: string, mode: number, owner?: Owner): string => {
  mkdirSync(path, { recursive: true, mode })
  chmodSync(path, mode)
  if (isRoot && owner) chownSync(path, owner.uid, owner.gid)
  return path
}
