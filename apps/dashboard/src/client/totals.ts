import type { Cell, Fleet, LiveStore } from './live-store.ts'

/** Sums over the fleet as it stands now. Values of a host that is away are not counted: nobody knows them. */
export interface Totals {
  readonly hosts: number
  readonly hostsUp: number
  readonly containers: number
  readonly running: number
  readonly frozen: number
  readonly leases: number
  readonly empty: number
  /** On hosts that are away, or not yet read. */
  readonly unknown: number
  readonly underPressure: number
  /** The container under most pressure, of those that are. */
  readonly worst: { readonly kind: PressureKind; readonly name: string } | null
  readonly cpuCores: number
  readonly cpuCount: number
  readonly memoryBytes: number
  readonly memoryTotalBytes: number
}

export const PRESSURES = [
  ['cpu', 'pressureCpuSome'],
  ['mem', 'pressureMemorySome'],
  ['io', 'pressureIoSome'],
] as const
export type PressureKind = (typeof PRESSURES)[number][0]

/** From this share of time waiting on, a container is under pressure. */
export const PRESSURE_HOT = 0.1

/** The largest pressure of a container; null if none is measured. */
export const worstPressure = (cell: Cell | null): { readonly kind: PressureKind; readonly value: number } | null => {
  let worst: { kind: PressureKind; value: number } | null = null
  if (cell === null) return null
  for (const [kind, metric] of PRESSURES) {
    const value = cell.value(metric)
    if (!Number.isNaN(value) && (worst === null || value > worst.value)) worst = { kind, value }
  }
  return worst
}

const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value)

export const computeTotals = (fleet: Fleet, cellOf: (id: string) => Cell | null): Totals => {
  const up = fleet.hosts.filter((host) => host.online)
  let running = 0
  let frozen = 0
  let empty = 0
  let leases = 0
  let unknown = 0
  let underPressure = 0
  let cpuCores = 0
  let memoryBytes = 0
  let worst: Totals['worst'] = null
  let worstValue = 0
  for (const container of fleet.containers) {
    const cell = cellOf(container.containerId)
    if (container.lease !== null) leases += 1
    if (cell === null || cell.state === null || fleet.host(container.hostId)?.online !== true) {
      unknown += 1
      continue
    }
    if (cell.state === 'running') running += 1
    else if (cell.state === 'frozen' || cell.state === 'freezing') frozen += 1
    else empty += 1
    cpuCores += orZero(cell.value('cpuUsage'))
    memoryBytes += orZero(cell.value('memoryCurrent'))
    const pressure = cell.state === 'running' ? worstPressure(cell) : null
    if (pressure === null || pressure.value < PRESSURE_HOT) continue
    underPressure += 1
    if (pressure.value > worstValue) {
      worstValue = pressure.value
      worst = { kind: pressure.kind, name: container.name }
    }
  }
  return {
    hosts: fleet.hosts.length,
    hostsUp: up.length,
    containers: fleet.containers.length,
    running,
    frozen,
    leases,
    empty,
    unknown,
    underPressure,
    worst,
    cpuCores,
    cpuCount: up.reduce((sum, { facts }) => sum + facts.cpus, 0),
    memoryBytes,
    memoryTotalBytes: up.reduce((sum, { facts }) => sum + facts.memoryBytes, 0),
  }
}

/** CPU of a host's containers as a share of its cores; NaN if nothing is known. */
export const computeHostCpu = (fleet: Fleet, cellOf: (id: string) => Cell | null): ReadonlyMap<string, number> => {
  const used = new Map<string, number>()
  for (const { containerId, hostId } of fleet.containers) {
    const value = cellOf(containerId)?.value('cpuUsage') ?? Number.NaN
    if (!Number.isNaN(value)) used.set(hostId, (used.get(hostId) ?? 0) + value)
  }
  return new Map(
    fleet.hosts.map(({ hostId, facts }) => [hostId, (used.get(hostId) ?? Number.NaN) / Math.max(1, facts.cpus)]),
  )
}

export interface Summary {
  readonly totals: Totals
  readonly hostCpu: ReadonlyMap<string, number>
}

/** Both, computed at most once a tick however many components ask. */
export const createSummary = (store: LiveStore): (() => Summary | null) => {
  let cached: Summary | null = null
  store.subscribeTick(() => {
    cached = null
  })
  return () => {
    const fleet = store.fleet()
    if (fleet === null) return null
    cached ??= { totals: computeTotals(fleet, store.cell), hostCpu: computeHostCpu(fleet, store.cell) }
    return cached
  }
}
