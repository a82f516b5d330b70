import { randomUUID } from 'node:crypto'
import { CorralError } from '@corral/domain'
import type { CommandReply, Order } from '@corral/protocol'
import { expect, test } from 'vitest'
import { takeAnswer } from '../agent/answer.ts'
import { reportInventory } from '../agent/inventory.ts'
import type { AgentContext } from '../context.ts'
import { describeContainer, hostFacts, inventoryOf, proved, takeOrders } from '../testing/agent.ts'
import { createFakeDatabase } from '../testing/fake-database.ts'
import { contextOf, createTestServices, enrolNewHost } from '../testing/services.ts'
import { freezeContainer } from './freeze.ts'
import { thawContainer } from './thaw.ts'

const frozen: CommandReply = {
  ok: true,
  outcome: {
    state: 'frozen',
    tookUsec: 900,
    processes: 3,
    leaseId: randomUUID(),
    untilSec: null,
    evidence: { file: 'cgroup.events', before: 'frozen 0', after: 'frozen 1' },
  },
}

const setUp = async (facts = hostFacts(), more: Parameters<typeof describeContainer>[1] = {}) => {
  const fixture = createTestServices(createFakeDatabase())
  const { services, database } = fixture
  const { hostId, identity } = await enrolNewHost(services)
  const agent = await proved(services, hostId, identity, facts)
  await reportInventory(agent, inventoryOf(describeContainer(1, more)))
  const stop = new AbortController()
  const orders: Order[] = []
  const listen = (onOrder: (order: Order) => void = () => {}) =>
    takeOrders(agent, stop.signal, (order) => {
      orders.push(order)
      onOrder(order)
    })
  const rows = () => [...database.interventionRows.values()]
  const containerId = [...database.containerRows.keys()][0] ?? ''
  return {
    ...fixture,
    hostId,
    identity,
    agent,
    stop,
    orders,
    listen,
    rows,
    containerId,
    freeze: { containerId, leaseSec: null },
  }
}

const answerWith =
  (agent: AgentContext, reply: CommandReply) =>
  (order: Order): void => {
    if (order.kind === 'command') void takeAnswer(agent, { kind: 'command', requestId: order.requestId, reply })
  }

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof CorralError ? error.code : String(error)),
  )

test('the intent is in the audit log before the host hears of it, and its end after', async () => {
  await using world = await setUp()
  const { services, database, agent } = world
  const seenAtDispatch: string[] = []
  void world.listen((order) => {
    if (order.kind !== 'command') return
    seenAtDispatch.push(...world.rows().map(({ status, verb }) => `${verb} ${status}`))
    answerWith(agent, frozen)(order)
  })
  const result = await freezeContainer(contextOf(services, 'operator'), {
    ...world.freeze,
    reason: ' noisy ',
    leaseSec: 60,
  })
  expect(seenAtDispatch).toEqual(['freeze pending'])
  expect(result).toMatchObject({ state: 'frozen', tookUsec: 900 })
  expect(database.interventionRows.get(result.interventionId)).toMatchObject({
    actor: 'operator@corral.local',
    verb: 'freeze',
    reason: 'noisy',
    args: { leaseSec: 60 },
    containerName: 'c1',
    status: 'done',
    tookUsec: 900,
  })
  const command = world.orders.find((order) => order.kind === 'command')?.command
  expect(command).toMatchObject({
    commandId: result.interventionId,
    leaseSec: 60,
    target: { cgroupId: '1', path: '/c1' },
  })
})

test('when the intent cannot be written, nothing is sent', async () => {
  await using world = await setUp()
  void world.listen()
  world.database.down = true
  expect(await codeOf(freezeContainer(contextOf(world.services, 'admin'), world.freeze))).toBe('database-down')
  expect(world.orders.filter(({ kind }) => kind === 'command')).toEqual([])
})

test('what was done is reported even if the database goes away meanwhile, and written down when it is back', async () => {
  await using world = await setUp()
  void world.listen((order) => {
    if (order.kind !== 'command') return
    world.database.down = true
    answerWith(world.agent, frozen)(order)
  })
  const { interventionId } = await freezeContainer(contextOf(world.services, 'admin'), world.freeze)
  expect(world.database.interventionRows.get(interventionId)?.status).toBe('pending')
  world.database.down = false
  await expect.poll(() => world.database.interventionRows.get(interventionId)?.status, { timeout: 5000 }).toBe('done')
})

test('a viewer is refused before anything happens, and the denial is written down', async () => {
  await using world = await setUp()
  void world.listen()
  expect(await codeOf(freezeContainer(contextOf(world.services, 'viewer'), world.freeze))).toBe('not-allowed')
  expect(await codeOf(thawContainer(contextOf(world.services, 'viewer'), { containerId: world.containerId }))).toBe(
    'not-allowed',
  )
  expect(await codeOf(freezeContainer(contextOf(world.services, null), world.freeze))).toBe('not-signed-in')
  expect(world.orders.filter(({ kind }) => kind === 'command')).toEqual([])
  expect(world.rows().map(({ verb, status, code, actor }) => `${actor} ${verb} ${status} ${code}`)).toEqual([
    'viewer@corral.local freeze refused not-allowed',
    'viewer@corral.local thaw refused not-allowed',
  ])
})

test('a host that is away gets nothing, now or later', async () => {
  await using world = await setUp()
  const { services, hostId, identity } = world
  services.hub.close(world.agent.connection)
  expect(await codeOf(freezeContainer(contextOf(services, 'admin'), world.freeze))).toBe('host-offline')
  expect(world.rows().map(({ status, code }) => `${status} ${code}`)).toEqual(['refused host-offline'])

  const back = await proved(services, hostId, identity)
  const stop = new AbortController()
  const orders: Order[] = []
  const taking = takeOrders(back, stop.signal, (order) => orders.push(order))
  await Promise.resolve()
  stop.abort()
  await taking
  expect(orders.filter(({ kind }) => kind === 'command')).toEqual([])
})

test('a connection that does not take orders counts as away', async () => {
  await using world = await setUp()
  expect(await codeOf(freezeContainer(contextOf(world.services, 'admin'), world.freeze))).toBe('host-offline')
})

test('an order that is not taken in time is withdrawn', async () => {
  await using world = await setUp()
  const { agent } = world
  const orders = agent.connection.orders.take(world.stop.signal)
  // Takes the first order and then no more, as a socket that is stuck.
  await orders.next()
  await expect(
    agent.connection.orders.push({ kind: 'tail', requestId: randomUUID(), cgroupId: '1' }, 20),
  ).rejects.toMatchObject({ code: 'host-offline' })
  const next = orders.next()
  world.stop.abort()
  expect(await next).toEqual({ done: true, value: undefined })
})

test('observed-only hosts and protected groups are refused with their reasons, and that is written down', async () => {
  await using observed = await setUp(hostFacts({ canAct: false, whyNot: 'no warden' }))
  void observed.listen()
  await expect(freezeContainer(contextOf(observed.services, 'admin'), observed.freeze)).rejects.toMatchObject({
    code: 'observe-only',
    detail: 'no warden',
  })
  await using guarded = await setUp(hostFacts(), { protection: 'holds sshd' })
  void guarded.listen()
  await expect(freezeContainer(contextOf(guarded.services, 'admin'), guarded.freeze)).rejects.toMatchObject({
    code: 'protected-target',
    detail: 'holds sshd',
  })
  for (const world of [observed, guarded]) {
    expect(world.rows()).toMatchObject([{ status: 'refused' }])
    expect(world.orders.filter(({ kind }) => kind === 'command')).toEqual([])
  }
})

test('what the host refuses comes back with its code and detail', async () => {
  await using world = await setUp()
  const refusal = { code: 'freeze-timeout' as const, detail: 'cat (12) waits in fuse_wait_answer' }
  void world.listen(answerWith(world.agent, { ok: false, refusal }))
  await expect(freezeContainer(contextOf(world.services, 'admin'), world.freeze)).rejects.toMatchObject(refusal)
  expect(world.rows()).toMatchObject([{ status: 'refused', ...refusal }])
})

test("a host cannot answer another host's orders", async () => {
  await using world = await setUp()
  const { services } = world
  const other = await enrolNewHost(services)
  const stranger = await proved(services, other.hostId, other.identity)
  void world.listen((order) => {
    answerWith(stranger, { ok: false, refusal: { code: 'internal', detail: 'forged' } })(order)
    setTimeout(() => answerWith(world.agent, frozen)(order), 20)
  })
  expect((await freezeContainer(contextOf(services, 'admin'), world.freeze)).state).toBe('frozen')
})

test('an id that no container has is not found, whatever it looks like', async () => {
  await using world = await setUp()
  for (const containerId of ['999', '', '-1', '1; DROP TABLE host', '١'])
    expect(await codeOf(freezeContainer(contextOf(world.services, 'admin'), { containerId, leaseSec: null }))).toMatch(
      /not-found/,
    )
  expect(world.rows()).toEqual([])
})
