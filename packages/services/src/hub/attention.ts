import type { CgroupId, HostId } from '@corral/domain'

/** What browsers look at now, per host: the union of all open views. */
export interface Attention {
  /** Counts one more view of a container until it is disposed. */
  watch(hostId: HostId, cgroupId: CgroupId): Disposable
  of(hostId: HostId): readonly CgroupId[]
  isWatched(hostId: HostId, cgroupId: CgroupId): boolean
}

/** `changed` is called whenever the set of a host grew or shrank, not when one more looks at the same. */
export const createAttention = (changed: (hostId: HostId) => void): Attention => {
  const views = new Map<HostId, Map<CgroupId, number>>()
  return {
    watch: (hostId, cgroupId) => {
      const host = views.get(hostId) ?? new Map<CgroupId, number>()
      views.set(hostId, host)
      const before = host.get(cgroupId) ?? 0
      host.set(cgroupId, before + 1)
      if (before === 0) changed(hostId)
      let over = false
      return {
        [Symbol.dispose]: () => {
          if (over) return
          over = true
          const left = (host.get(cgroupId) ?? 1) - 1
          if (left > 0) {
            host.set(cgroupId, left)
            return
          }
          host.delete(cgroupId)
          changed(hostId)
        },
      }
    },
    of: (hostId) => [...(views.get(hostId)?.keys() ?? [])],
    isWatched: (hostId, cgroupId) => views.get(hostId)?.has(cgroupId) ?? false,
  }
}
