import type { GroupEntry } from '@corral/cgroups'
import { type CgroupId, type GroupPath, METRIC_COUNT, METRIC_INDEX, SMALL_VECTOR } from '@corral/domain'
import { AGENT_FRAME_BYTES, type InventoryReport, inventoryReport, type LiveReport, liveReport } from '@corral/protocol'
import { BOOT, someContainer } from '@corral/testing'
import { expect, test } from 'vitest'
import { createCodec } from '../shared/codec.ts'
import { inventoryOf } from './inventory.ts'
import { createReporter, type ReportSink } from './reporter.ts'
import { createRoster } from './roster.ts'

const codec = createCodec()
const cost = { cpuCores: 0.01, rssBytes: 5e7 }
const ids = ['1', '2'] as unknown as CgroupId[]
const sample = () => ({
  count: 2,
  cgroupIds: ids,
  states: Uint8Array.of(0, 1, 9),
  values: Float32Array.from({ length: 3 * METRIC_COUNT }, (_, i) => i),
  monotonicNs: 0n,
})
const entry = (id: CgroupId): GroupEntry => ({
  cgroupId: id,
  path: `/made/${id}` as GroupPath,
  parentId: null,
  depth: 2,
  ownProcesses: true,
  populated: true,
  createdSec: 1,
})

const bench = () => {
  const roster = createRoster(BOOT)
  roster.update(
    ids.map((id) => ({ entry: entry(id), runtime: 'plain' as const, name: id, id: null })),
    0,
    0,
  )
  let settled = true
  const reporter = createReporter({ bootId: BOOT, roster, codec, isSettled: () => settled, failed: () => {} })
  const inventories: InventoryReport[] = []
  const live: LiveReport[] = []
  let hold: Promise<void> = Promise.resolve()
  const sink: ReportSink = {
    inventory: (report) => {
      inventories.push(report)
      return hold
    },
    live: (report) => {
      live.push(report)
      return hold
    },
  }
  return {
    roster,
    reporter,
    inventories,
    live,
    sink,
    slow: () => {
      hold = new Promise(() => {})
    },
    refuse: () => {
      hold = Promise.reject(new Error('no'))
      hold.catch(() => {})
    },
    accept: () => {
      hold = Promise.resolve()
    },
    settle: (now: boolean) => {
      settled = now
    },
    tick: async (atSec: number) => {
      reporter.tick(atSec, sample(), cost)
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

test('small vectors of all every second second, full ones of the attended every second', async () => {
  const { reporter, sink, tick, live } = bench()
  reporter.connect(sink)
  reporter.attend(new Set(['2', '99']))
  for (const atSec of [10, 11, 12]) await tick(atSec)
  expect(live.map(({ atSec, full, ids: whose }) => [atSec, full, whose])).toEqual([
    [10, false, ids],
    [10, true, ['2']],
    [11, true, ['2']],
    [12, false, ids],
    [12, true, ['2']],
  ])
  for (const report of live) expect(liveReport.safeParse(report).success).toBe(true)
  expect(live[0]?.values[1]).toBe(METRIC_INDEX[SMALL_VECTOR[1]])
  expect(live[1]?.values[0]).toBe(METRIC_COUNT)
  expect([...(live[1]?.states ?? [])]).toEqual([1])
})

test('a slow dashboard gets the newest value later, never a backlog', async () => {
  const { reporter, sink, tick, live, slow, inventories } = bench()
  reporter.connect(sink)
  slow()
  for (let atSec = 10; atSec < 40; atSec++) await tick(atSec)
  expect(live).toHaveLength(1)
  expect(inventories).toHaveLength(1)
})

test('a new link is told everything anew, and what was under way on the old one does not hold it up', async () => {
  const { reporter, sink, tick, live, slow, accept, inventories } = bench()
  slow()
  reporter.connect(sink)
  await tick(10)
  reporter.connect(null)
  await tick(12)
  accept()
  reporter.connect({ ...sink })
  await tick(14)
  expect(inventories).toHaveLength(2)
  expect(live.map(({ atSec }) => atSec)).toEqual([10, 14])
})

test('who is there is told when it changes, and only then; not before it is settled', async () => {
  const { reporter, roster, sink, tick, inventories, settle } = bench()
  settle(false)
  reporter.connect(sink)
  await tick(10)
  expect(inventories).toEqual([])
  settle(true)
  reporter.changed()
  await tick(11)
  await tick(12)
  expect(inventories).toHaveLength(1)
  roster.update([], 3, 0)
  await tick(13)
  expect(inventories.map(({ containers, omitted }) => [containers.length, omitted])).toEqual([
    [2, 0],
    [0, 3],
  ])
})

test('a lease is told at once', async () => {
  const { reporter, sink, tick, inventories } = bench()
  reporter.connect(sink)
  await tick(10)
  const lease = { leaseId: '3e1b7b5e-5b0e-4a94-9b16-0d3bb3c1f0aa', cgroupId: '1' as CgroupId, actor: 'ada' }
  reporter.leases([{ ...lease, reason: null, sinceSec: 1, untilSec: null }])
  expect(inventories[1]?.leases).toHaveLength(1)
  expect(inventoryReport.safeParse(inventories[1]).success).toBe(true)
})

test('a report that was refused is told again', async () => {
  const { reporter, sink, tick, inventories, refuse, accept } = bench()
  refuse()
  reporter.connect(sink)
  await tick(10)
  accept()
  await tick(11)
  await tick(12)
  expect(inventories).toHaveLength(2)
})

test('an inventory that is too large loses its labels first, then containers, which are counted', () => {
  const labels = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`label${i}`, 'x'.repeat(100)]))
  const many = (count: number, path: string) =>
    Array.from({ length: count }, (_, i) =>
      someContainer({ cgroupId: String(i + 1) as CgroupId, path: path as GroupPath, labels }),
    )
  const some = inventoryOf({ bootId: BOOT, containers: many(1000, '/a'), leases: [], omitted: 1 }, codec)
  expect(some.containers).toHaveLength(1000)
  expect(some.containers[0]?.labels).toEqual({})
  const all = inventoryOf(
    { bootId: BOOT, containers: many(4096, `/${'p'.repeat(1000)}`), leases: [], omitted: 1 },
    codec,
  )
  expect(all.containers.length + all.omitted).toBe(4097)
  expect(all.containers.length).toBeGreaterThan(500)
  expect(codec.encode(all).length).toBeLessThan(AGENT_FRAME_BYTES)
})
