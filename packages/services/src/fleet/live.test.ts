import { METRIC_COUNT, SMALL_VECTOR_LENGTH } from '@corral/domain'
import type { ContainerMessage, FleetMessage } from '@corral/protocol'
import { expect, test } from 'vitest'
import { reportInventory } from '../agent/inventory.ts'
import { reportLive } from '../agent/live.ts'
import { liveContainer } from '../container/live.ts'
import { BOOT, cgroup, describeContainer, inventoryOf, proved, smallReport, takeOrders } from '../testing/agent.ts'
import { createFakeDatabase } from '../testing/fake-database.ts'
import { contextOf, createTestServices, enrolNewHost } from '../testing/services.ts'
import { liveFleet } from './live.ts'

const setUp = async () => {
  const fixture = createTestServices(createFakeDatabase())
  const { services, database } = fixture
  const { hostId, identity } = await enrolNewHost(services)
  const agent = await proved(services, hostId, identity)
  await reportInventory(agent, inventoryOf(describeContainer(1), describeContainer(2)))
  const stop = new AbortController()
  return { ...fixture, hostId, identity, agent, stop, containerId: [...database.containerRows.keys()][0] ?? '' }
}

const next = async <T>(stream: AsyncGenerator<T, void, undefined>): Promise<T> => {
  const { value } = await stream.next()
  if (!value) throw new Error('the stream ended')
  return value
}

const fullReport = (n: number, atSec: number, value: number) => ({
  ...smallReport(1, atSec),
  ids: [cgroup(n)],
  values: new Float32Array(METRIC_COUNT).fill(value),
  full: true,
})

test('a reader gets everything first, then what changed', async () => {
  await using world = await setUp()
  const stream = liveFleet(contextOf(world.services, 'viewer'), world.stop.signal)
  expect(await next(stream)).toMatchObject({
    kind: 'fleet',
    hosts: [{ hostId: world.hostId, online: true, facts: { name: 'ash' } }],
    containers: [{ name: 'c1', cgroupId: '1', lease: null }, { name: 'c2' }],
  })
  const waiting = next(stream)
  await reportLive(world.agent, smallReport(2, 100, 7))
  const tick = await waiting
  expect(tick).toMatchObject({ kind: 'tick', atSec: 100, states: ['running', 'running'] })
  expect(tick.kind === 'tick' && tick.values).toHaveLength(2 * SMALL_VECTOR_LENGTH)
  world.stop.abort()
  expect((await stream.next()).done).toBe(true)
})

test('a slow reader gets the newest value, never a backlog', async () => {
  await using world = await setUp()
  const stream = liveFleet(contextOf(world.services, 'viewer'), world.stop.signal)
  await next(stream)
  for (let at = 1; at <= 15; at++) await reportLive(world.agent, smallReport(2, at, at))
  expect(await next(stream)).toMatchObject({ kind: 'tick', atSec: 15 })
  const waiting = stream.next()
  await Promise.resolve()
  world.stop.abort()
  expect((await waiting).done).toBe(true)
})

test('a reader that has not taken the last message is sent nothing', async () => {
  await using world = await setUp()
  let release = (): void => {}
  const pace = () => new Promise<void>((resolve) => (release = resolve))
  const stream = liveFleet(contextOf(world.services, 'viewer', pace), world.stop.signal)
  await next(stream)
  const got: FleetMessage[] = []
  const waiting = next(stream).then((message) => got.push(message))
  for (let at = 1; at <= 5; at++) await reportLive(world.agent, smallReport(2, at))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(got).toEqual([])
  release()
  await waiting
  expect(got).toMatchObject([{ kind: 'tick', atSec: 5 }])
})

test('a host is shown as offline once its connection ended, with what it had', async () => {
  await using world = await setUp()
  const stream = liveFleet(contextOf(world.services, 'viewer'), world.stop.signal)
  await next(stream)
  world.services.hub.close(world.agent.connection)
  expect(await next(stream)).toMatchObject({ kind: 'fleet', hosts: [{ online: false }], containers: [{}, {}] })
})

test('after a restart, hosts that have not come back yet are shown as offline', async () => {
  await using world = await setUp()
  await using restarted = createTestServices(world.database)
  const stream = liveFleet(contextOf(restarted.services, 'viewer'), world.stop.signal)
  expect(await next(stream)).toMatchObject({ hosts: [{ hostId: world.hostId, online: false }], containers: [] })
  const container = liveContainer(
    contextOf(restarted.services, 'viewer'),
    { containerId: world.containerId },
    world.stop.signal,
  )
  expect(await next(container)).toMatchObject({ container: { name: 'c1' }, host: { online: false } })
})

test('a database that is away takes nothing from the live view', async () => {
  await using world = await setUp()
  world.database.down = true
  const stream = liveFleet(contextOf(world.services, 'viewer'), world.stop.signal)
  expect(await next(stream)).toMatchObject({ kind: 'fleet', hosts: [{ online: true }] })
})

test('while someone looks at a container its host sends it in full, and no longer than that', async () => {
  await using world = await setUp()
  const { services, agent, containerId } = world
  const attended: (readonly string[])[] = []
  void takeOrders(agent, world.stop.signal, (order) => order.kind === 'attend' && attended.push(order.cgroupIds))
  const watch = () => {
    const stop = new AbortController()
    return { stop, stream: liveContainer(contextOf(services, 'viewer'), { containerId }, stop.signal) }
  }
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

  const [one, two] = [watch(), watch()]
  expect(await next(one.stream)).toMatchObject({ kind: 'container', container: { name: 'c1' } })
  await next(two.stream)
  await settle()
  expect(attended.at(-1)).toEqual(['1'])

  const waiting = next(one.stream)
  await reportLive(agent, fullReport(1, 50, 3))
  const point: ContainerMessage = await waiting
  expect(point).toMatchObject({ kind: 'point', atSec: 50, state: 'running' })
  expect(point.kind === 'point' && [...point.values]).toEqual(Array(METRIC_COUNT).fill(3))

  one.stop.abort()
  await one.stream.return()
  await settle()
  expect(attended.at(-1)).toEqual(['1'])
  two.stop.abort()
  await two.stream.return()
  await settle()
  expect(attended.at(-1)).toEqual([])
  await reportLive(agent, fullReport(1, 51, 3))
  expect(services.hub.host(world.hostId)?.points.size).toBe(0)
})

test('values of a container that nobody looks at are not kept', async () => {
  await using world = await setUp()
  await reportLive(world.agent, fullReport(2, 50, 3))
  expect(world.services.hub.host(world.hostId)?.points.size).toBe(0)
})

test('a container that ended is told to be gone; one that never was is not found', async () => {
  await using world = await setUp()
  const { services, agent, containerId } = world
  const stream = liveContainer(contextOf(services, 'viewer'), { containerId }, world.stop.signal)
  await next(stream)
  await reportInventory(agent, inventoryOf(describeContainer(2)))
  expect(await next(stream)).toMatchObject({ kind: 'container', container: null, host: { online: true } })
  const never = liveContainer(contextOf(services, 'viewer'), { containerId: '4711' }, world.stop.signal)
  await expect(never.next()).rejects.toMatchObject({ code: 'not-found' })
})

test('the lease of a freeze is shown with its container', async () => {
  await using world = await setUp()
  const lease = {
    leaseId: '11111111-2222-4333-8444-555555555556',
    cgroupId: cgroup(1),
    actor: 'ann@corral.local',
    reason: null,
    sinceSec: 1,
    untilSec: 61,
  }
  await reportInventory(world.agent, { ...inventoryOf(describeContainer(1)), bootId: BOOT, leases: [lease] })
  const stream = liveFleet(contextOf(world.services, 'viewer'), world.stop.signal)
  expect(await next(stream)).toMatchObject({ containers: [{ lease: { actor: 'ann@corral.local', untilSec: 61 } }] })
})
