import { BLOCK_POINTS, blockStart, emptyBlockValues, METRIC_INDEX } from '@corral/domain'
import type { Order } from '@corral/protocol'
import { expect, test } from 'vitest'
import { takeAnswer } from '../agent/answer.ts'
import { storeBlocks } from '../agent/blocks.ts'
import { reportInventory } from '../agent/inventory.ts'
import { BOOT, cgroup, describeContainer, inventoryOf, proved, takeOrders } from '../testing/agent.ts'
import { createFakeDatabase } from '../testing/fake-database.ts'
import { contextOf, createTestServices, enrolNewHost } from '../testing/services.ts'
import { readSeries } from './series.ts'

const thisMinute = blockStart(Date.now() / 1000)

/** A block in which `metric` is `value` at every point. */
const flat = (metric: 'cpuUsage' | 'pids', value: number): Float32Array<ArrayBuffer> => {
  const values = new Float32Array(emptyBlockValues())
  const from = METRIC_INDEX[metric] * BLOCK_POINTS
  return values.fill(value, from, from + BLOCK_POINTS)
}

const setUp = async (tail: { startSec: number; values: Float32Array<ArrayBuffer> }[] | null = []) => {
  const fixture = createTestServices(createFakeDatabase())
  const { services, database } = fixture
  const { hostId, identity } = await enrolNewHost(services)
  const agent = await proved(services, hostId, identity)
  const inventory = inventoryOf(describeContainer(1))
  await reportInventory(agent, inventory)
  const stop = new AbortController()
  void takeOrders(agent, stop.signal, (order: Order) => {
    if (order.kind === 'tail' && tail)
      void takeAnswer(agent, { kind: 'tail', requestId: order.requestId, blocks: tail })
  })
  const store = (startSec: number, values: Float32Array<ArrayBuffer>) =>
    storeBlocks(agent, {
      containers: inventory.containers,
      blocks: [{ bootId: BOOT, cgroupId: cgroup(1), startSec, values }],
    })
  const containerId = [...database.containerRows.keys()][0] ?? ''
  return { ...fixture, agent, stop, store, containerId, ctx: contextOf(services, 'viewer') }
}

test('stored minutes and the newest ones of the host become one series, in the order of the metrics asked', async () => {
  await using world = await setUp([{ startSec: thisMinute, values: flat('cpuUsage', 2) }])
  await world.store(thisMinute - 60, flat('cpuUsage', 1))
  const series = await readSeries(world.ctx, {
    containerId: world.containerId,
    metrics: ['pids', 'cpuUsage'],
    fromSec: thisMinute - 60,
    toSec: thisMinute + 60,
    points: 2,
  })
  expect(series).toMatchObject({ startSec: thisMinute - 60, stepSec: 60, points: 2, tail: 'complete' })
  expect([...(series.avg[0] ?? [])]).toEqual([Number.NaN, Number.NaN])
  expect([...(series.avg[1] ?? [])]).toEqual([1, 2])
  expect([...(series.peak[1] ?? [])]).toEqual([1, 2])
})

test('a minute that is stored and still with the host counts once', async () => {
  await using world = await setUp([{ startSec: thisMinute - 60, values: flat('cpuUsage', 5) }])
  await world.store(thisMinute - 60, flat('cpuUsage', 1))
  const question = { containerId: world.containerId, metrics: ['cpuUsage' as const], points: 100 }
  const seconds = await readSeries(world.ctx, { ...question, fromSec: thisMinute - 60, toSec: thisMinute })
  expect([...(seconds.peak[0] ?? [])]).toEqual(Array(60).fill(1))
  const day = await readSeries(world.ctx, { ...question, fromSec: thisMinute - 86_400, toSec: thisMinute + 60 })
  expect(Math.max(...[...(day.peak[0] ?? [])].filter((value) => !Number.isNaN(value)))).toBe(1)
})

test('more than two hours are read minute by minute, with what the host has not handed over yet', async () => {
  await using world = await setUp([{ startSec: thisMinute, values: flat('cpuUsage', 2) }])
  await world.store(thisMinute - 60, flat('cpuUsage', 1))
  const series = await readSeries(world.ctx, {
    containerId: world.containerId,
    metrics: ['cpuUsage'],
    fromSec: thisMinute - 3 * 3600,
    toSec: thisMinute + 60,
    points: 2000,
  })
  expect(world.database.calls).toContain('minutes')
  expect(series.stepSec).toBe(60)
  expect([...(series.avg[0] ?? [])].slice(-2)).toEqual([1, 2])
})

test('a host that does not answer within a second leaves its newest minutes out, and the series says so', async () => {
  await using world = await setUp(null)
  await world.store(thisMinute - 60, flat('cpuUsage', 1))
  const question = { containerId: world.containerId, metrics: ['cpuUsage' as const], points: 100 }
  const began = performance.now()
  const series = await readSeries(world.ctx, { ...question, fromSec: thisMinute - 60, toSec: thisMinute + 60 })
  expect(performance.now() - began).toBeLessThan(2000)
  expect(series.tail).toBe('host-offline')
  expect([...(series.avg[0] ?? [])].filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(0)

  const old = await readSeries(world.ctx, { ...question, fromSec: thisMinute - 7200, toSec: thisMinute - 3600 })
  expect(old.tail).toBe('complete')
})

test('a time that runs backwards, unknown metrics and too many points are refused', async () => {
  await using world = await setUp()
  const good = { containerId: world.containerId, metrics: ['cpuUsage' as const], fromSec: 0, toSec: 60, points: 10 }
  for (const bad of [
    { toSec: 0 },
    { toSec: Number.NaN },
    { points: 2001 },
    { metrics: [] },
    { metrics: ['constructor' as 'pids'] },
    { fromSec: 0, toSec: 400 * 86_400 },
    { extra: 1 },
  ])
    await expect(readSeries(world.ctx, { ...good, ...bad })).rejects.toMatchObject({ code: 'bad-input' })
})
