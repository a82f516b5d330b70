import { closeSync, fstatSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { METRIC_INDEX } from '@corral/domain'
import { scanNetDev } from '@corral/kernel-text'
import { groupDir, isSelfOrBelow, ROOT } from '../paths.ts'
import { anyMember, groupOfProcess } from '../processes.ts'
import type { GroupTarget, HostLayout } from '../types.ts'
import { growth } from './derive.ts'
import type { ReadBuffer } from './read-buffer.ts'

/**
 * Network counters belong to a network namespace, not to a group: a group is given those of its members' namespace when
 * that is not the host's and no older group has it already. The root is given the host's.
 *
 * The inode of `/proc/PID/net/dev` is a different one in each network namespace and, unlike `/proc/PID/ns/net`, may be
 * read without privilege. The file is opened anew each time, because an open one would keep the namespace, and the
 * interfaces in it, alive after the container has ended.
 */

/** How many ticks a namespace that need not be read, the host's or one already counted, is believed to be the same. */
const BELIEVED = 10
/** In a group's first ticks nothing is believed: runtimes make the namespaces after the first process is in. */
const YOUNG = 5

const PER_SECOND = 1000

/** What is known of one group's network. */
export interface GroupNetwork {
  pid: number | null
  /** Inode that stands for the namespace; 0: unknown. */
  namespace: number
  lookAt: number
  readonly bornAt: number
  readonly values: Float64Array
  readAt: number
}

export const createGroupNetwork = (tick: number): GroupNetwork => ({
  pid: null,
  namespace: 0,
  lookAt: tick,
  bornAt: tick,
  values: new Float64Array(2).fill(Number.NaN),
  readAt: Number.NaN,
})

export interface NetworkReader {
  /** Begins a tick; groups are then read from the oldest to the youngest. */
  begin(tick: number): void
  /** Writes both network metrics of a group to `out[from]` on; NaN where they are not its own. */
  read(network: GroupNetwork, target: GroupTarget, out: Float32Array, from: number): void
}

const namespaceOf = (layout: HostLayout, pid: string): number => {
  try {
    return statSync(join(layout.procRoot, pid, 'net/dev')).ino
  } catch {
    return 0
  }
}

export const createNetworkReader = (layout: HostLayout, buffer: ReadBuffer): NetworkReader => {
  const counted = new Set<number>()
  const host = new Set<number>()
  const out2 = new Float64Array(2)
  let tick = 0

  const forget = (network: GroupNetwork): void => {
    network.values.fill(Number.NaN)
    network.readAt = Number.NaN
  }

  const openDev = (pid: number): number => {
    try {
      return openSync(join(layout.procRoot, String(pid), 'net/dev'), 'r')
    } catch {
      return -1
    }
  }

  /** Opens the file of the known member, or of another one when that has ended; -1 if there is none. */
  const openMember = (network: GroupNetwork, target: GroupTarget): number => {
    if (network.pid !== null) {
      const fd = openDev(network.pid)
      if (fd >= 0 && (network.namespace === fstatSync(fd).ino || isMember(network.pid, target))) return fd
      if (fd >= 0) closeSync(fd)
    }
    network.pid = anyMember(groupDir(layout.primary, target.path))
    if (network.pid === null) return -1
    const fd = openDev(network.pid)
    // Asked after the file is open: a pid that was reused meanwhile is not in the group.
    if (fd < 0 || isMember(network.pid, target)) return fd
    closeSync(fd)
    return -1
  }

  const isMember = (pid: number, target: GroupTarget): boolean => {
    const group = groupOfProcess(layout, pid)
    return group !== null && isSelfOrBelow(group, target.path)
  }

  const mayBelieve = (network: GroupNetwork, target: GroupTarget): boolean =>
    target.path !== ROOT && tick < network.lookAt && (host.has(network.namespace) || counted.has(network.namespace))

  const measure = (network: GroupNetwork, target: GroupTarget, fd: number, out: Float32Array, from: number): void => {
    const namespace = fstatSync(fd).ino
    if (namespace !== network.namespace) forget(network)
    network.namespace = namespace
    network.lookAt = tick - network.bornAt < YOUNG ? tick : tick + BELIEVED
    if ((host.has(namespace) && target.path !== ROOT) || counted.has(namespace)) {
      forget(network)
      return
    }
    counted.add(namespace)
    const length = buffer.readOn(fd)
    const nowMs = performance.now()
    scanNetDev(buffer.bytes, length, out2, 0)
    for (let i = 0; i < 2; i++) {
      const now = out2[i] ?? Number.NaN
      const metric = i === 0 ? METRIC_INDEX.networkReceiveBytes : METRIC_INDEX.networkTransmitBytes
      out[from + metric] = growth(now, network.values[i] ?? Number.NaN, nowMs, network.readAt) * PER_SECOND
      network.values[i] = now
    }
    network.readAt = nowMs
  }

  return {
    begin: (now) => {
      tick = now
      counted.clear()
      if (tick % BELIEVED !== 0 && host.size > 0) return
      host.clear()
      for (const pid of ['1', 'self']) host.add(namespaceOf(layout, pid))
    },
    read: (network, target, out, from) => {
      if (mayBelieve(network, target)) {
        forget(network)
        return
      }
      const fd = openMember(network, target)
      if (fd < 0) {
        forget(network)
        return
      }
      try {
        measure(network, target, fd, out, from)
      } catch {
        forget(network)
      } finally {
        closeSync(fd)
      }
    },
  }
}
