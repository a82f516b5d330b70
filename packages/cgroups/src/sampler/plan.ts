import { METRIC_INDEX, type MetricKey } from '@corral/domain'
import {
  createFlatScanner,
  type Scan,
  scanBlkio,
  scanFreezerState,
  scanInteger,
  scanIoStat,
  scanPressure,
} from '@corral/kernel-text'
import type { Hierarchy, HostLayout } from '../types.ts'

/**
 * Which files are read for every group on this host, and how their values become metrics. Made once from the layout;
 * the sampler itself knows no file by name.
 */

export interface PlannedFile {
  readonly name: string
  readonly tree: Hierarchy
  readonly scan: Scan
  /** Where its first value goes. */
  readonly at: number
}

/** A counter's growth: `delta / milliseconds × factor`, at most `most`. */
interface RateRule {
  readonly metric: number
  readonly file: number
  readonly value: number
  readonly factor: number
  readonly most: number
}

/** A value as it is, or less another one (never below zero: the two are read one after the other). */
interface GaugeRule {
  readonly metric: number
  readonly value: number
  readonly minus: number | null
}

export interface Plan {
  readonly files: readonly PlannedFile[]
  /** How many values all files give together. */
  readonly values: number
  readonly rates: readonly RateRule[]
  readonly gauges: readonly GaugeRule[]
  /** Position of what states are made from; null where this host does not say. */
  readonly frozen: number | null
  readonly populated: number | null
  readonly freezeAsked: number | null
  readonly freezerState: number | null
  /** The file that is there as long as the group is. */
  readonly life: number
}

/** Growth per millisecond becomes growth per second, or time per time: cores, or a ratio. */
const PER_SECOND = 1000
const USEC = 1e-3
const NSEC = 1e-6

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] }

class PlanBuilder {
  readonly plan: Mutable<Plan> = {
    files: [],
    values: 0,
    rates: [],
    gauges: [],
    frozen: null,
    populated: null,
    freezeAsked: null,
    freezerState: null,
    life: 0,
  }

  /** Adds a file and returns its number. */
  file(tree: Hierarchy, name: string, scan: Scan, values: number): number {
    this.plan.files.push({ name, tree, scan, at: this.plan.values })
    this.plan.values += values
    return this.plan.files.length - 1
  }

  /** A file of which each key is one value. */
  keyed(tree: Hierarchy, name: string, keys: readonly string[]): number {
    return this.file(tree, name, createFlatScanner(keys), keys.length)
  }

  value(file: number, nth = 0): number {
    return (this.plan.files[file]?.at ?? 0) + nth
  }

  rate(metric: MetricKey, file: number, nth: number, factor: number, most = Number.POSITIVE_INFINITY): void {
    this.plan.rates.push({ metric: METRIC_INDEX[metric], file, value: this.value(file, nth), factor, most })
  }

  gauge(metric: MetricKey, value: number, minus: number | null = null): void {
    this.plan.gauges.push({ metric: METRIC_INDEX[metric], value, minus })
  }
}

const planCpu = (builder: PlanBuilder, { primary, byController }: HostLayout): void => {
  const cpu = byController.get('cpu')
  const cpuacct = byController.get('cpuacct')
  if (primary.version === 2) {
    // Every group of a cgroup2 tree has cpu.stat, also where the cpu controller is elsewhere.
    const stat = builder.keyed(primary, 'cpu.stat', ['usage_usec', 'system_usec', 'throttled_usec'])
    builder.rate('cpuUsage', stat, 0, USEC)
    builder.rate('cpuSystem', stat, 1, USEC)
    // Throttled time adds up over CPUs; as a ratio it cannot say more than "all the time".
    if (cpu?.version !== 1) builder.rate('cpuThrottled', stat, 2, USEC, 1)
  } else if (cpuacct) {
    builder.rate('cpuUsage', builder.file(cpuacct, 'cpuacct.usage', scanInteger, 1), 0, NSEC)
    builder.rate('cpuSystem', builder.file(cpuacct, 'cpuacct.usage_sys', scanInteger, 1), 0, NSEC)
  }
  if (cpu?.version === 1) builder.rate('cpuThrottled', builder.keyed(cpu, 'cpu.stat', ['throttled_time']), 0, NSEC, 1)
}

const planMemory = (builder: PlanBuilder, memory: Hierarchy | undefined): void => {
  if (!memory) return
  const v2 = memory.version === 2
  const current = builder.value(builder.file(memory, v2 ? 'memory.current' : 'memory.usage_in_bytes', scanInteger, 1))
  const keys = v2
    ? ['anon', 'file', 'inactive_file', 'pgmajfault']
    : ['total_rss', 'total_cache', 'total_inactive_file', 'total_pgmajfault']
  const stat = builder.keyed(memory, 'memory.stat', keys)
  const swapName = v2 ? 'memory.swap.current' : 'memory.memsw.usage_in_bytes'
  const swap = builder.value(builder.file(memory, swapName, scanInteger, 1))
  builder.gauge('memoryCurrent', current)
  builder.gauge('memoryAnon', builder.value(stat, 0))
  builder.gauge('memoryFile', builder.value(stat, 1))
  builder.gauge('memoryWorkingSet', current, builder.value(stat, 2))
  builder.gauge('memorySwap', swap, v2 ? null : current)
  builder.rate('majorFaults', stat, 3, PER_SECOND)
}

const planIo = (builder: PlanBuilder, { byController }: HostLayout): void => {
  const io = byController.get('io')
  const blkio = byController.get('blkio')
  if (io) {
    const stat = builder.file(io, 'io.stat', scanIoStat, 4)
    builder.rate('ioReadBytes', stat, 0, PER_SECOND)
    builder.rate('ioWriteBytes', stat, 1, PER_SECOND)
    builder.rate('ioReadOps', stat, 2, PER_SECOND)
    builder.rate('ioWriteOps', stat, 3, PER_SECOND)
  } else if (blkio) {
    const bytes = builder.file(blkio, 'blkio.throttle.io_service_bytes_recursive', scanBlkio, 2)
    const operations = builder.file(blkio, 'blkio.throttle.io_serviced_recursive', scanBlkio, 2)
    builder.rate('ioReadBytes', bytes, 0, PER_SECOND)
    builder.rate('ioWriteBytes', bytes, 1, PER_SECOND)
    builder.rate('ioReadOps', operations, 0, PER_SECOND)
    builder.rate('ioWriteOps', operations, 1, PER_SECOND)
  }
}

const planPressure = (builder: PlanBuilder, { primary, pressure }: HostLayout): void => {
  if (pressure !== 'available') return
  builder.rate('pressureCpuSome', builder.file(primary, 'cpu.pressure', scanPressure, 2), 0, USEC, 1)
  const memory = builder.file(primary, 'memory.pressure', scanPressure, 2)
  builder.rate('pressureMemorySome', memory, 0, USEC, 1)
  builder.rate('pressureMemoryFull', memory, 1, USEC, 1)
  const io = builder.file(primary, 'io.pressure', scanPressure, 2)
  builder.rate('pressureIoSome', io, 0, USEC, 1)
  builder.rate('pressureIoFull', io, 1, USEC, 1)
}

const planState = (builder: PlanBuilder, { primary, byController }: HostLayout): void => {
  const { plan } = builder
  if (primary.version === 2) {
    plan.life = builder.keyed(primary, 'cgroup.events', ['frozen', 'populated'])
    plan.frozen = builder.value(plan.life, 0)
    plan.populated = builder.value(plan.life, 1)
    plan.freezeAsked = builder.value(builder.file(primary, 'cgroup.freeze', scanInteger, 1))
  } else {
    plan.life = builder.file(primary, 'notify_on_release', scanInteger, 1)
  }
  // On hybrid hosts runtimes pause through the v1 freezer while the cgroup2 tree knows nothing of it.
  const freezer = byController.get('freezer')
  if (freezer) plan.freezerState = builder.value(builder.file(freezer, 'freezer.state', scanFreezerState, 1))
}

export const makePlan = (layout: HostLayout): Plan => {
  const builder = new PlanBuilder()
  planState(builder, layout)
  planCpu(builder, layout)
  planMemory(builder, layout.byController.get('memory'))
  planIo(builder, layout)
  const pids = layout.byController.get('pids')
  if (pids) builder.gauge('pids', builder.value(builder.file(pids, 'pids.current', scanInteger, 1)))
  planPressure(builder, layout)
  return builder.plan
}
