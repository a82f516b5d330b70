/**
 * The metric table: what Corral measures of every control group, in the one order that every vector, block and
 * database row uses. New metrics are appended; an order once released never changes.
 */

export type MetricUnit = 'cores' | 'ratio' | 'bytes' | 'bytes/s' | '1/s' | 'count'

/** `rate`: a kernel counter's growth over the measured interval. `gauge`: the value at the tick. */
export type MetricKind = 'rate' | 'gauge'

export interface Metric {
  readonly key: string
  readonly unit: MetricUnit
  readonly kind: MetricKind
  /** Where cgroup v2 has it. */
  readonly v2: string
  /** Where cgroup v1 has it; `undefined` where v1 has no such thing. */
  readonly v1: string | undefined
}

const metric = <K extends string>(key: K, unit: MetricUnit, kind: MetricKind, v2: string, v1?: string) =>
  ({ key, unit, kind, v2, v1 }) as const

export const METRICS = [
  metric('cpuUsage', 'cores', 'rate', 'cpu.stat usage_usec', 'cpuacct.usage'),
  metric('cpuSystem', 'cores', 'rate', 'cpu.stat system_usec', 'cpuacct.usage_sys'),
  metric('cpuThrottled', 'ratio', 'rate', 'cpu.stat throttled_usec', 'cpu.stat throttled_time'),
  metric('memoryCurrent', 'bytes', 'gauge', 'memory.current', 'memory.usage_in_bytes'),
  metric('memoryWorkingSet', 'bytes', 'gauge', 'memory.current − inactive_file', 'usage − total_inactive_file'),
  metric('memoryAnon', 'bytes', 'gauge', 'memory.stat anon', 'memory.stat total_rss'),
  metric('memoryFile', 'bytes', 'gauge', 'memory.stat file', 'memory.stat total_cache'),
  metric('memorySwap', 'bytes', 'gauge', 'memory.swap.current', 'memory.memsw.usage_in_bytes − usage'),
  metric('majorFaults', '1/s', 'rate', 'memory.stat pgmajfault', 'memory.stat total_pgmajfault'),
  metric('ioReadBytes', 'bytes/s', 'rate', 'io.stat rbytes', 'blkio.throttle.io_service_bytes_recursive'),
  metric('ioWriteBytes', 'bytes/s', 'rate', 'io.stat wbytes', 'blkio.throttle.io_service_bytes_recursive'),
  metric('ioReadOps', '1/s', 'rate', 'io.stat rios', 'blkio.throttle.io_serviced_recursive'),
  metric('ioWriteOps', '1/s', 'rate', 'io.stat wios', 'blkio.throttle.io_serviced_recursive'),
  metric('networkReceiveBytes', 'bytes/s', 'rate', '/proc/PID/net/dev', '/proc/PID/net/dev'),
  metric('networkTransmitBytes', 'bytes/s', 'rate', '/proc/PID/net/dev', '/proc/PID/net/dev'),
  metric('pids', 'count', 'gauge', 'pids.current', 'pids.current'),
  metric('pressureCpuSome', 'ratio', 'rate', 'cpu.pressure some total'),
  metric('pressureMemorySome', 'ratio', 'rate', 'memory.pressure some total'),
  metric('pressureMemoryFull', 'ratio', 'rate', 'memory.pressure full total'),
  metric('pressureIoSome', 'ratio', 'rate', 'io.pressure some total'),
  metric('pressureIoFull', 'ratio', 'rate', 'io.pressure full total'),
  metric('frozen', 'ratio', 'gauge', 'cgroup.events frozen', 'freezer.state'),
] as const satisfies readonly Metric[]

export type MetricKey = (typeof METRICS)[number]['key']

/** Number of metrics: the length of every full vector. */
export const METRIC_COUNT = METRICS.length

export const METRIC_KEYS: readonly MetricKey[] = METRICS.map((m) => m.key)

/** Position of each metric in a vector or block. */
export const METRIC_INDEX = Object.fromEntries(METRICS.map((m, i) => [m.key, i])) as Readonly<Record<MetricKey, number>>

/**
 * The few metrics that every agent sends for all its containers all the time (the *small vector*), in this order.
 * Everything else is sent only while someone looks.
 */
export const SMALL_VECTOR = [
  'cpuUsage',
  'cpuThrottled',
  'memoryCurrent',
  'memoryWorkingSet',
  'ioReadBytes',
  'ioWriteBytes',
  'networkReceiveBytes',
  'networkTransmitBytes',
  'pids',
  'pressureCpuSome',
  'pressureMemorySome',
  'pressureIoSome',
  'frozen',
] as const satisfies readonly MetricKey[]

export const SMALL_VECTOR_LENGTH = SMALL_VECTOR.length

/** Position in a full vector of each member of the small vector. */
export const SMALL_VECTOR_SOURCE: readonly number[] = SMALL_VECTOR.map((key) => METRIC_INDEX[key])
