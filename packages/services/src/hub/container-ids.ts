import type { Database } from '@corral/db'
import type { BootId, CgroupId, ContainerDescription, ContainerId, HostId } from '@corral/domain'
import { createTokenBucket } from './token-bucket.ts'

/** Most ids one host keeps in memory; the oldest go first and are asked for again when needed. */
const MOST_CACHED = 16_384

/** How long a description that did not change counts as known to the database. */
const RENEW_MS = 10 * 60_000

/** The ids of one host's containers. */
export interface ContainerIds {
  get(bootId: BootId, cgroupId: CgroupId): ContainerId | undefined
  /**
   * Makes sure that all of these have an id. `newest`: these descriptions are what the containers are now, so what
   * changed is written; else they may be older than what is known, and only containers without an id are written.
   * Throws `database-down`, and `too-much` if this host makes up containers faster than any real one.
   */
  ensure(
    database: Database,
    descriptions: readonly ContainerDescription[],
    options: { readonly newest: boolean; readonly at: Date },
  ): Promise<void>
}

interface Cached {
  readonly id: ContainerId
  readonly written: string
  readonly atMs: number
}

const keyOf = (bootId: BootId, cgroupId: CgroupId): string => `${bootId}/${cgroupId}`

export const createContainerIds = (hostId: HostId): ContainerIds => {
  const cached = new Map<string, Cached>()
  const newcomers = createTokenBucket({ burst: 8192, perSec: 20 })
  let last: Promise<void> = Promise.resolve()

  const remember = (key: string, entry: Cached): void => {
    cached.delete(key)
    cached.set(key, entry)
    for (const oldest of cached.keys()) {
      if (cached.size <= MOST_CACHED) break
      cached.delete(oldest)
    }
  }

  const isKnown = (description: ContainerDescription, newest: boolean, at: Date): boolean => {
    const known = cached.get(keyOf(description.bootId, description.cgroupId))
    if (!known || !newest) return known !== undefined
    return at.getTime() - known.atMs < RENEW_MS && known.written === JSON.stringify(description)
  }

  const ensure: ContainerIds['ensure'] = async (database, descriptions, { newest, at }) => {
    const byBoot = new Map<BootId, ContainerDescription[]>()
    for (const description of descriptions) {
      if (isKnown(description, newest, at)) continue
      const group = byBoot.get(description.bootId)
      if (group) group.push(description)
      else byBoot.set(description.bootId, [description])
    }
    for (const [bootId, group] of byBoot) {
      const unknown = group.filter(({ cgroupId }) => !cached.has(keyOf(bootId, cgroupId))).length
      if (unknown > 0) newcomers.take('new containers of one host', unknown)
      const ids = await database.containers.upsert(hostId, group, at)
      for (const description of group) {
        const id = ids.get(description.cgroupId)
        const written = JSON.stringify(description)
        if (id) remember(keyOf(bootId, description.cgroupId), { id, written, atMs: at.getTime() })
      }
    }
  }

  return {
    get: (bootId, cgroupId) => cached.get(keyOf(bootId, cgroupId))?.id,
    ensure: (...question) => {
      // One after the other: an older description must not be written over a newer one.
      const mine = last.then(() => ensure(...question))
      last = mine.catch(() => {})
      return mine
    },
  }
}
