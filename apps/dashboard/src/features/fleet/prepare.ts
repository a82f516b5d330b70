import type { Runtime } from '@corral/domain'
import type { LiveContainer } from '@corral/protocol'
import { type Cell, type Fleet, SMALL_INDEX, type SmallMetric, worstPressure } from '../../client/index.ts'
import { type AmountKey, matches, parseFilter, type Subject, type Term } from './filter.ts'

/** Decides which rows there are and by what they are sorted. Pure: the page only draws. */

/** What a row is sorted by, as it stood when the order was last made; undefined where nothing is measured. */
export interface SortKeys {
  readonly cpu: number | undefined
  readonly throttled: number | undefined
  readonly memory: number | undefined
  readonly pressure: number | undefined
  readonly disk: number | undefined
  readonly network: number | undefined
  readonly pids: number | undefined
}

export interface FleetRow {
  readonly id: string
  readonly container: LiveContainer
  readonly hostName: string
  /** For sorting by state: frozen before running before the rest. */
  readonly state: number
  readonly keys: SortKeys
}

/** Points over which a sort key is averaged, so that a row does not jump with each tick. */
const SORT_POINTS = 15

const known = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value)

/** Mean of the newest points of a metric; NaN if there are none. */
export const recentMean = ({ ring }: Cell, metric: SmallMetric): number => {
  const small = SMALL_INDEX[metric]
  let sum = 0
  let count = 0
  for (let i = Math.max(0, ring.length - SORT_POINTS); i < ring.length; i++) {
    const value = ring.value(i, small)
    if (Number.isNaN(value)) continue
    sum += value
    count += 1
  }
  return count === 0 ? Number.NaN : sum / count
}

/** Rounded, so that noise below what is shown does not move rows. */
const steady = (value: number, step: number): number | undefined => known(Math.round(value / step) * step)

/** The largest of some readings; NaN if all are missing. */
const largest = (values: readonly number[]): number => {
  const there = values.filter((value) => !Number.isNaN(value))
  return there.length === 0 ? Number.NaN : Math.max(...there)
}

/** Sum of two readings of which one may be missing; NaN only if both are. */
export const sumOf = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b)

export const sortKeysOf = (cell: Cell | null): SortKeys => {
  if (cell === null) {
    return {
      cpu: undefined,
      throttled: undefined,
      memory: undefined,
      pressure: undefined,
      disk: undefined,
      network: undefined,
      pids: undefined,
    }
  }
  const mean = (metric: SmallMetric) => recentMean(cell, metric)
  return {
    cpu: steady(mean('cpuUsage'), 0.01),
    throttled: steady(mean('cpuThrottled'), 0.001),
    memory: steady(mean('memoryCurrent'), 2 ** 20),
    pressure: steady(largest(PRESSURE_METRICS.map(mean)), 0.01),
    disk: steady(sumOf(mean('ioReadBytes'), mean('ioWriteBytes')), 100),
    network: steady(sumOf(mean('networkReceiveBytes'), mean('networkTransmitBytes')), 100),
    pids: known(cell.value('pids')),
  }
}

const PRESSURE_METRICS = ['pressureCpuSome', 'pressureMemorySome', 'pressureIoSome'] as const

const amountOf = (cell: Cell | null, key: AmountKey): number => {
  if (cell === null) return Number.NaN
  switch (key) {
    case 'cpu':
      return cell.value('cpuUsage')
    case 'memory':
      return cell.value('memoryCurrent')
    case 'pressure':
      return worstPressure(cell)?.value ?? Number.NaN
    case 'throttled':
      return cell.value('cpuThrottled')
    case 'disk':
      return sumOf(cell.value('ioReadBytes'), cell.value('ioWriteBytes'))
    case 'net':
      return sumOf(cell.value('networkReceiveBytes'), cell.value('networkTransmitBytes'))
    case 'pids':
      return cell.value('pids')
  }
}

const subjectOf = (container: LiveContainer, hostName: string, cell: Cell | null): Subject => ({
  name: container.name,
  host: hostName,
  path: container.path,
  runtime: container.runtime,
  image: container.image,
  labels: container.labels,
  state: cell?.state ?? null,
  leased: container.lease !== null,
  guarded: container.protection !== null,
  amount: (key) => amountOf(cell, key),
})

/** Among equals, what people run comes before what the system runs. */
const SYSTEM: readonly (Runtime | string)[] = ['systemd', 'plain']
const rank = (runtime: string): number => (SYSTEM.includes(runtime) ? 1 + SYSTEM.indexOf(runtime) : 0)

const byPlace = (a: FleetRow, b: FleetRow): number =>
  rank(a.container.runtime) - rank(b.container.runtime) ||
  a.container.name.localeCompare(b.container.name, 'en', { numeric: true }) ||
  a.hostName.localeCompare(b.hostName) ||
  a.id.localeCompare(b.id)

const stateRank = (cell: Cell | null): number => {
  if (cell?.state === 'frozen' || cell?.state === 'freezing') return 2
  return cell?.state === 'running' ? 1 : 0
}

/**
 * The rows that match or are told to stay, in the order that equals keep. `keysOf` gives the keys of the last time the
 * order was made.
 */
export const prepareRows = (
  fleet: Fleet,
  cellOf: (id: string) => Cell | null,
  { terms, keysOf, stay }: { terms: readonly Term[]; keysOf: (id: string) => SortKeys; stay?: ReadonlySet<string> },
): FleetRow[] => {
  const rows: FleetRow[] = []
  for (const container of fleet.containers) {
    const hostName = fleet.host(container.hostId)?.facts.name ?? ''
    const id = container.containerId
    const cell = cellOf(id)
    if (!stay?.has(id) && !matches(terms, subjectOf(container, hostName, cell))) continue
    rows.push({ id, container, hostName, state: stateRank(cell), keys: keysOf(id) })
  }
  return rows.sort(byPlace)
}

type CellOf = (id: string) => Cell | null

const countMatches = (fleet: Fleet, cellOf: CellOf, terms: readonly Term[]): number =>
  fleet.containers.filter((container) => {
    const hostName = fleet.host(container.hostId)?.facts.name ?? ''
    return matches(terms, subjectOf(container, hostName, cellOf(container.containerId)))
  }).length

export interface Suggestion {
  readonly raw: string
  readonly count: number
}

/**
 * Filters worth a click, with how many containers each has. Which ones there are follows what exists and not its
 * values, so that none appears or goes while one aims at it.
 */
export const suggest = (fleet: Fleet, cellOf: CellOf): readonly Suggestion[] => {
  const runtimes = [...new Set(fleet.containers.map(({ runtime }) => runtime))].sort()
  const raws = [
    'frozen',
    'pressure>10%',
    'throttled>5%',
    'cpu>1',
    'lease',
    ...(runtimes.length > 1 ? runtimes.map((runtime) => `runtime:${runtime}`) : []),
    ...(fleet.containers.some(({ protection }) => protection !== null) ? ['protected'] : []),
  ]
  return raws.map((raw) => ({ raw, count: countMatches(fleet, cellOf, parseFilter(raw)) }))
}

export const NO_KEYS: SortKeys = sortKeysOf(null)

/** For the sentence under "nothing matches": how many would without each term, most first. */
export const wideningTerms = (
  fleet: Fleet,
  cellOf: (id: string) => Cell | null,
  terms: readonly Term[],
): readonly Suggestion[] =>
  terms
    .map(({ raw }) => ({
      raw,
      count: countMatches(
        fleet,
        cellOf,
        terms.filter((term) => term.raw !== raw),
      ),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
