import { randomUUID } from 'node:crypto'
import { startTestDatabase } from '@corral/db/testing'
import { BLOCK_VALUES, CorralError } from '@corral/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listActivity } from '../activity/list.ts'
import { takeAnswer } from '../agent/answer.ts'
import { storeBlocks } from '../agent/blocks.ts'
import { reportInventory } from '../agent/inventory.ts'
import { freezeContainer } from '../container/freeze.ts'
import { consoleContext } from '../context.ts'
import { readSeries } from '../history/series.ts'
import {
  BOOT,
  cgroup,
  connect,
  describeContainer,
  hostFacts,
  inventoryOf,
  newIdentity,
  proved,
  takeOrders,
} from '../testing/agent.ts'
import { contextOf, createTestServices, enrolNewHost } from '../testing/services.ts'
import { enrolHost } from './enrol.ts'
import { makeEnrolToken } from './enrol-token.ts'

/** The path from an enrolment to a freeze on a real Postgres. */

let fixture: Awaited<ReturnType<typeof startTestDatabase>>
let world: ReturnType<typeof createTestServices>

beforeAll(async () => {
  fixture = await startTestDatabase()
  world = createTestServices(fixture.database)
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await fixture?.[Symbol.asyncDispose]()
})

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof CorralError ? error.code : String(error)),
  )

test('of a thousand redemptions of one token at the same time, one makes a host', async () => {
  const { token } = await makeEnrolToken(consoleContext(world.services), {})
  // Several dashboards on one database, so that the bound on tries is not what holds them back.
  const replicas = Array.from({ length: 10 }, () => createTestServices(fixture.database))
  const tries = replicas.flatMap(({ services }) =>
    Array.from({ length: 100 }, () =>
      codeOf(enrolHost(connect(services), { token, publicKey: newIdentity().publicKey, facts: hostFacts() })),
    ),
  )
  const results = await Promise.all(tries)
  for (const replica of replicas) await replica[Symbol.asyncDispose]()
  expect(results.filter((result) => result === 'done')).toHaveLength(1)
  expect(new Set(results)).toEqual(new Set(['done', 'bad-token']))
  expect(await fixture.database.hosts.list()).toHaveLength(1)
})

test('an enrolled host proves itself at every dashboard on this database that has the same keys', async () => {
  const { hostId, identity } = await enrolNewHost(world.services)
  await proved(world.services, hostId, identity)
  await expect(proved(world.services, hostId, newIdentity())).rejects.toMatchObject({ code: 'bad-proof' })
  expect((await fixture.database.hosts.find(hostId))?.seenAt).not.toBeNull()
})

test('a freeze is in the audit log before the host hears of it, and its end is there after', async () => {
  const { services } = world
  const { hostId, identity } = await enrolNewHost(services)
  const agent = await proved(services, hostId, identity)
  await reportInventory(agent, inventoryOf(describeContainer(1)))
  const containerId = [...(services.hub.host(hostId)?.containers.values() ?? [])][0]?.id ?? ''
  const audit = () => listActivity(contextOf(services, 'viewer'), { containerId, limit: 10 })

  const stop = new AbortController()
  const atDispatch: string[] = []
  void takeOrders(agent, stop.signal, async (order) => {
    if (order.kind !== 'command') return
    atDispatch.push(...(await audit()).map(({ verb, status }) => `${verb} ${status}`))
    await takeAnswer(agent, {
      kind: 'command',
      requestId: order.requestId,
      reply: {
        ok: true,
        outcome: {
          state: 'frozen',
          tookUsec: 850.5,
          processes: 2,
          leaseId: randomUUID(),
          untilSec: null,
          evidence: { file: 'cgroup.events', before: 'frozen 0', after: 'frozen 1' },
        },
      },
    })
  })
  await freezeContainer(contextOf(services, 'operator'), { containerId, leaseSec: null, reason: 'test' })
  expect(atDispatch).toEqual(['freeze pending'])
  expect(await codeOf(freezeContainer(contextOf(services, 'viewer'), { containerId, leaseSec: null }))).toBe(
    'not-allowed',
  )
  expect(await audit()).toMatchObject([
    { verb: 'freeze', status: 'refused', code: 'not-allowed', actor: 'viewer@corral.local' },
    { verb: 'freeze', status: 'done', code: null, actor: 'operator@corral.local', reason: 'test', tookUsec: 850.5 },
  ])
  stop.abort()
})

test('what an agent stored is what a chart gets', async () => {
  const { services } = world
  const { hostId, identity } = await enrolNewHost(services)
  const agent = await proved(services, hostId, identity)
  const startSec = Math.floor(Date.now() / 60_000) * 60 - 3600
  const values = Float32Array.from({ length: BLOCK_VALUES }, (_, i) => i)
  values[3] = Number.NaN
  const upload = {
    containers: inventoryOf(describeContainer(5)).containers,
    blocks: [{ bootId: BOOT, cgroupId: cgroup(5), startSec, values }],
  }
  expect(await storeBlocks(agent, upload)).toEqual({ stored: 1, duplicate: 0 })
  expect(await storeBlocks(agent, upload)).toEqual({ stored: 0, duplicate: 1 })
  const containerId = services.hub.host(hostId)?.ids.get(BOOT, cgroup(5)) ?? ''
  const series = await readSeries(contextOf(services, 'viewer'), {
    containerId,
    metrics: ['cpuUsage'],
    fromSec: startSec,
    toSec: startSec + 60,
    points: 60,
  })
  expect([...(series.avg[0] ?? [])]).toEqual(Array.from({ length: 60 }, (_, i) => (i === 3 ? Number.NaN : i)))
})

test('without Postgres nothing is acknowledged and nothing is sent', async () => {
  const { services } = world
  const { hostId, identity } = await enrolNewHost(services)
  const agent = await proved(services, hostId, identity)
  await reportInventory(agent, inventoryOf(describeContainer(9)))
  const containerId = [...(services.hub.host(hostId)?.containers.values() ?? [])][0]?.id ?? ''
  const stop = new AbortController()
  let commands = 0
  void takeOrders(agent, stop.signal, (order) => {
    if (order.kind === 'command') commands += 1
  })
  await fixture.postgres.stop()
  try {
    const block = { bootId: BOOT, cgroupId: cgroup(9), startSec: 60, values: new Float32Array(BLOCK_VALUES) }
    const { containers } = inventoryOf(describeContainer(9))
    expect(await codeOf(storeBlocks(agent, { containers, blocks: [block] }))).toBe('database-down')
    expect(await codeOf(freezeContainer(contextOf(services, 'admin'), { containerId, leaseSec: null }))).toBe(
      'database-down',
    )
    expect(commands).toBe(0)
  } finally {
    stop.abort()
    await fixture.postgres.start()
  }
})
