import { type ChartSpec, metricsOf } from '../chart/index.ts'

/** The charts of a container, in the order of the page. */

const TALL = { parts: 4 } as const
const SHORT = { height: 142, parts: 2 } as const

export const CHARTS: readonly ChartSpec[] = [
  {
    id: 'cpu',
    title: 'CPU',
    unit: 'cores',
    lines: [
      { metric: 'cpuUsage', label: 'used', colour: 'series-1', area: true },
      { metric: 'cpuSystem', label: 'system', colour: 'series-3' },
    ],
    held: { metric: 'cpuThrottled', label: 'throttled' },
    height: 244,
    ...TALL,
  },
  {
    id: 'memory',
    title: 'Memory',
    unit: 'bytes',
    lines: [
      { metric: 'memoryWorkingSet', label: 'working set', colour: 'series-1', area: true },
      { metric: 'memoryCurrent', label: 'usage', colour: 'series-3', thin: true },
    ],
    height: 190,
    ...TALL,
  },
  {
    id: 'pressure',
    title: 'Pressure',
    unit: 'ratio',
    qualifier: 'of time',
    lines: [
      { metric: 'pressureCpuSome', label: 'cpu', colour: 'series-1', area: true },
      { metric: 'pressureMemorySome', label: 'memory', colour: 'series-2' },
      { metric: 'pressureIoSome', label: 'io', colour: 'series-3' },
    ],
    empty: 'This kernel does not measure pressure here',
    ...SHORT,
  },
  {
    id: 'io',
    title: 'Disk I/O',
    unit: 'bytes/s',
    lines: [
      { metric: 'ioReadBytes', label: 'read', colour: 'series-1', area: true },
      { metric: 'ioWriteBytes', label: 'write', colour: 'series-3' },
    ],
    ...SHORT,
  },
  {
    id: 'network',
    title: 'Network',
    unit: 'bytes/s',
    lines: [
      { metric: 'networkReceiveBytes', label: 'received', colour: 'series-1', area: true },
      { metric: 'networkTransmitBytes', label: 'sent', colour: 'series-3' },
    ],
    empty: 'No network of its own: it shares one with the host or another container',
    ...SHORT,
  },
  {
    id: 'pids',
    title: 'Processes',
    unit: 'count',
    qualifier: 'with threads',
    lines: [{ metric: 'pids', label: 'processes', colour: 'series-1', area: true }],
    ...SHORT,
  },
]

/** What the page asks history for. */
export const CHART_METRICS = metricsOf(CHARTS)
