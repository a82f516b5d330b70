import type { HostId } from '@corral/domain'
import type { LiveContainer, LiveHost } from '@corral/protocol'
import { describe, expect, it } from 'vitest'
import type { Cell, Fleet, SmallMetric } from './live-store.ts'
import { createRing } from './ring.ts'
import { computeHostCpu, computeTotals, worstPressure } from './totals.ts'

const host = (id: string, online: boolean) =>
  ({ hostId: id as HostId, online, facts: { cpus: 4, memoryBytes: 100 } }) as LiveHost
const container = (id: string, hostId: string, lease = false) =>
  ({ containerId: id, hostId: hostId as HostId, name: `n${id}`, lease: lease ? {} : null }) as LiveContainer
const cell = (state: Cell['state'], values: Partial<Record<SmallMetric, number>> = {}): Cell => ({
  state,
  atSec: 1,
  ring: createRing(),
  value: (metric) => values[metric] ?? Number.NaN,
})
const fleetOf = (hosts: LiveHost[], containers: LiveContainer[]): Fleet => ({
  hosts,
  containers,
  container: (id) => containers.find((c) => c.containerId === id),
  host: (id) => hosts.find((h) => h.hostId === id),
})

const cells = new Map<string, Cell>([
  ['1', cell('running', { cpuUsage: 1, memoryCurrent: 30, pressureCpuSome: 0.2, pressureIoSome: 0.5 })],
  ['2', cell('frozen', { cpuUsage: 0, memoryCurrent: 20, pressureCpuSome: 0.9 })],
  ['3', cell('running', { cpuUsage: 2, memoryCurrent: 40 })],
])
const fleet = fleetOf(
  [host('a', true), host('b', false)],
  [container('1', 'a'), container('2', 'a', true), container('3', 'b'), container('4', 'a')],
)
const cellOf = (id: string) => cells.get(id) ?? null

describe('totals', () => {
  const totals = computeTotals(fleet, cellOf)
  it('count what is known, and name what is not', () =>
    expect(totals).toMatchObject({ hosts: 2, hostsUp: 1, containers: 4, running: 1, frozen: 1, unknown: 2, leases: 1 }))
  it('sum only hosts that are there', () =>
    expect(totals).toMatchObject({ cpuCores: 1, cpuCount: 4, memoryBytes: 50, memoryTotalBytes: 100 }))
  it('name the worst pressure, and never that of a frozen container', () =>
    expect([totals.underPressure, totals.worst]).toEqual([1, { kind: 'io', name: 'n1' }]))
})

it('a host’s CPU is a share of its cores', () => {
  const cpu = computeHostCpu(fleet, cellOf)
  expect(cpu.get('a')).toBeCloseTo(0.25)
  expect(cpu.get('b')).toBeCloseTo(0.5)
})

it('pressure that is not measured is not zero', () => expect(worstPressure(cell('running'))).toBeNull())
