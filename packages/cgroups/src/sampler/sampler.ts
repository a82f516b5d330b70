import { type CgroupId, METRIC_COUNT, METRIC_INDEX } from '@corral/domain'
import { countsBlockIo } from '../layout.ts'
import type { GroupEntry, HostLayout, Sample, Sampler } from '../types.ts'
import { deriveMetrics, deriveState, EMPTY, GONE } from './derive.ts'
import { createDescriptors, type Descriptors } from './descriptors.ts'
import { GroupFiles, type SamplerParts } from './group-files.ts'
import { createGroupNetwork, createNetworkReader, type GroupNetwork } from './network.ts'
import { makePlan } from './plan.ts'
import { createReadBuffer } from './read-buffer.ts'

/** How often, in ticks, the sampler looks whether v1 block I/O is counted by now. */
const IO_LOOK_EVERY = 10
const IO_METRICS = ['ioReadBytes', 'ioWriteBytes', 'ioReadOps', 'ioWriteOps'] as const

interface Tracked {
  entry: GroupEntry
  readonly files: GroupFiles
  readonly network: GroupNetwork
  /** Its place in the sample. */
  place: number
}

/** Oldest first: ids grow as groups are made. */
const byAge = (a: Tracked, b: Tracked): number => {
  const [left, right] = [a.entry.cgroupId, b.entry.cgroupId]
  return left.length - right.length || (left < right ? -1 : 1)
}

type MutableSample = { -readonly [K in keyof Sample]: Sample[K] }

/**
 * Measures groups: `sync` says which, `sample` reads all their files once. Rates are over the measured time since the
 * file was read before; the first sample, a counter that began anew and a group or file that is not there give NaN.
 * Files are kept open as far as the process's limit of descriptors allows.
 */
export const createSampler = (layout: HostLayout, descriptors: Descriptors = createDescriptors()): Sampler => {
  const buffer = createReadBuffer()
  const parts: SamplerParts = { layout, plan: makePlan(layout), buffer, descriptors }
  const networkReader = createNetworkReader(layout, buffer)
  const blkio = layout.byController.has('io') ? undefined : layout.byController.get('blkio')
  let ioCounted = true
  let tick = 0
  let tracked = new Map<CgroupId, Tracked>()
  let oldestFirst: Tracked[] = []
  const sample: MutableSample = {
    count: 0,
    cgroupIds: [],
    states: new Uint8Array(0),
    values: new Float32Array(0),
    monotonicNs: 0n,
  }

  const sync = (groups: readonly GroupEntry[]): void => {
    const next = new Map<CgroupId, Tracked>()
    for (const entry of groups) {
      if (next.has(entry.cgroupId)) continue
      const known = tracked.get(entry.cgroupId)
      // A renamed group (v1) is opened anew: what was found under the old name may not be its own.
      const kept = known?.entry.path === entry.path ? known : undefined
      const group = kept ?? { entry, files: new GroupFiles(parts, entry), network: createGroupNetwork(tick), place: 0 }
      group.entry = entry
      group.place = next.size
      next.set(entry.cgroupId, group)
    }
    for (const [id, group] of tracked) if (next.get(id) !== group) group.files[Symbol.dispose]()
    tracked = next
    oldestFirst = [...next.values()].sort(byAge)
    sample.count = next.size
    sample.cgroupIds = [...next.keys()]
    sample.states = new Uint8Array(next.size)
    sample.values = new Float32Array(next.size * METRIC_COUNT)
  }

  const measure = (group: Tracked): void => {
    const { files, place, entry } = group
    const from = place * METRIC_COUNT
    files.read(tick)
    deriveMetrics(parts.plan, files, sample.values, from)
    if (files.gone) {
      sample.states[place] = GONE
      return
    }
    sample.states[place] = deriveState(parts.plan, files.values, entry.populated, sample.values, from)
    if (!ioCounted) for (const metric of IO_METRICS) sample.values[from + METRIC_INDEX[metric]] = Number.NaN
    if (sample.states[place] !== EMPTY) networkReader.read(group.network, entry, sample.values, from)
  }

  return {
    sync,
    sample: () => {
      if (blkio && tick % IO_LOOK_EVERY === 0) ioCounted = countsBlockIo(blkio)
      networkReader.begin(tick)
      sample.monotonicNs = process.hrtime.bigint()
      for (let i = 0; i < oldestFirst.length; i++) {
        const group = oldestFirst[i]
        if (group) measure(group)
      }
      tick += 1
      return sample
    },
    [Symbol.dispose]: () => sync([]),
  }
}
