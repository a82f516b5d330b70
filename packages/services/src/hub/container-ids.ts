import type { Database } from '@corral/db'
import type { BootId, CgroupId, ContainerDescription, ContainerId, HostId } from '@corral/domain'
import { createTokenBucket } from './token-bucket.ts'

/** Most ids one host keeps in memory; the oldest go first and are asked for again when needed. */
const MOST_CACHED = 16_384

/** The ids of one host's containers. New or changed descriptions are written; known ones cost no question. */
export interface ContainerIds {
  get(bootId: BootId, cgroupId: CgroupId): ContainerId | undefined
  /**
   * Makes sure that all of these have an id and that the database knows their newest description.
   * Throws `database-down`, and `too-much` if this host makes up containers faster than any real one.
   */
  ensure(database: Database, descriptions: readonly ContainerDescription[], at: Date): Promise<void>
}

interface Cached {
  readonly id: ContainerId
  readonly written: string
}

const keyOf = (bootId: BootId, cgroupId: CgroupId): string => `${bootId}/${cgroupId}`

export const createContainerIds = (hostId: HostId): ContainerIds => {
  const cached = new Map<string, Cached>()
  const newcomers = createTokenBucket({ burst: 8192, perSec: 20 })

  const remember = (key: string, entry: Cached): void => {
    cached.delete(key)
    cached.set(key, entry)
    for (const oldest of cached.keys()) {
      if (cached.size <= MOST_CACHED) break
      cached.delete(oldest)
    }
  }

  return {
    get: (bootId, cgroupId) => cached.get(keyOf(bootId, cgroupId))?.id,
    ensure: async (database, descriptions, at) => {
      const byBoot = new Map<BootId, ContainerDescription[]>()
      let unknown = 0
      for (const description of descriptions) {
        const known = cached.get(keyOf(description.bootId, description.cgroupId))
        if (known?.written === JSON.stringify(description)) continue
        if (!known) unknown += 1
        const group = byBoot.get(description.bootId)
        if (group) group.push(description)
        else byBoot.set(description.bootId, [description])
      }
      if (unknown > 0) newcomers.take('new containers of one host', unknown)
      for (const [bootId, group] of byBoot) {
        const ids = await database.containers.upsert(hostId, group, at)
        for (const description of group) {
          const id = ids.get(description.cgroupId)
          if (id) remember(keyOf(bootId, description.cgroupId), { id, written: JSON.stringify(description) })
        }
      }
    },
  }
}
