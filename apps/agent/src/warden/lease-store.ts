import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BootId } from '@corral/domain'
import { bootId, cgroupId, freezeLease, groupPath } from '@corral/protocol'
import { z } from 'zod'
import { readIfThere, replaceFile, unlinkIfThere } from '../shared/files.ts'
import { parseJson } from '../shared/lines.ts'

/** One freeze that this host holds, as it lies on disk. */
const heldLease = z.strictObject({
  lease: freezeLease,
  bootId,
  path: groupPath,
  /** Milliseconds since the boot when the host thaws; null: until someone thaws. */
  untilBootMs: z.number().min(0).nullable(),
})
export type HeldLease = z.infer<typeof heldLease>

/** Leases on disk, one file each, named by the group's id: a group has at most one. */
export interface LeaseStore {
  all(): readonly HeldLease[]
  get(id: string): HeldLease | undefined
  /** On disk, content and name, when it returns; to be called before the act. Throws, and keeps what was, if not. */
  put(held: HeldLease): void
  /** Forgets a lease. A file that cannot be removed only makes a later start look at its group once more. */
  remove(id: string): void
}

const SUFFIX = '.json'

/**
 * Opens the leases in `dir`. Those of another boot are removed (their groups ended with it), as are files that
 * cannot be read, which are told to `trouble`.
 */
export const openLeaseStore = (
  dir: string,
  boot: BootId,
  trouble: (what: string, error?: unknown) => void,
): LeaseStore => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const held = new Map<string, HeldLease>()
  for (const name of readdirSync(dir)) {
    const path = join(dir, name)
    if (!name.endsWith(SUFFIX)) {
      unlinkIfThere(path)
      continue
    }
    const parsed = heldLease.safeParse(parseJson(readIfThere(path) ?? ''))
    if (!parsed.success) trouble(`lease file ${name} cannot be read; removed`, parsed.error)
    if (parsed.success && parsed.data.bootId === boot) held.set(parsed.data.lease.cgroupId, parsed.data)
    else unlinkIfThere(path)
  }
  const fileOf = (id: string) => join(dir, `${cgroupId.parse(id)}${SUFFIX}`)

  return {
    all: () => [...held.values()],
    get: (id) => held.get(id),
    put: (lease) => {
      replaceFile(fileOf(lease.lease.cgroupId), JSON.stringify(lease))
      held.set(lease.lease.cgroupId, lease)
    },
    remove: (id) => {
      held.delete(id)
      try {
        // Not synced: a removal that a loss of power undoes is of a boot that is over.
        unlinkIfThere(fileOf(id))
      } catch (error) {
        trouble(`lease file of group ${id} cannot be removed`, error)
      }
    },
  }
}

/** The leases whose end has come, and the wait until the next one ends (null: none will). */
export const dueLeases = (
  leases: readonly HeldLease[],
  nowBootMs: number,
): { readonly due: readonly HeldLease[]; readonly nextInMs: number | null } => {
  const due: HeldLease[] = []
  let nextInMs: number | null = null
  for (const held of leases) {
    if (held.untilBootMs === null) continue
    const left = held.untilBootMs - nowBootMs
    if (left <= 0) due.push(held)
    else nextInMs = nextInMs === null ? left : Math.min(nextInMs, left)
  }
  return { due, nextInMs }
}
