import { randomUUID } from 'node:crypto'
import { type ContainerId, ERRORS } from '@corral/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from './open.ts'
import { blockValues, describeContainer, enrolHost, newHost, startTestDatabase } from './testing/fixtures.ts'
import { repoMigrations } from './testing/postgres.ts'

let run: Awaited<ReturnType<typeof startTestDatabase>>
let host: Awaited<ReturnType<typeof enrolHost>>['host']
beforeAll(async () => {
  run = await startTestDatabase()
  host = (await enrolHost(run.database)).host
})
afterAll(() => run?.[Symbol.asyncDispose]())

const containerId = '1' as ContainerId
const ask = { containerId, metrics: ['pids'], fromSec: 0, toSec: 60 } as const
const now = new Date('2026-11-24T12:00:00Z')
const hash = new Uint8Array(32)
const id = randomUUID()

/** Every method there is: one more in the interface is one more line here. */
const everything = (): Record<string, () => Promise<unknown>> => {
  const { database } = run
  return {
    migrate: () => database.migrate(repoMigrations),
    ping: () => database.ping(),
    'hosts.create': () => database.hosts.create({ ...newHost(), labels: {} }),
    'hosts.find': () => database.hosts.find(host.id),
    'hosts.list': () => database.hosts.list(),
    'hosts.touch': () => database.hosts.touch(host.id, null, now),
    'tokens.create': () => database.tokens.create({ hash, createdBy: 'a', expiresAt: now, labels: {} }),
    'tokens.redeem': () => database.tokens.redeem(hash, now),
    'tokens.redeemForHost': () => database.tokens.redeemForHost(hash, newHost(), now),
    'containers.upsert': () => database.containers.upsert(host.id, [describeContainer(1)], now),
    'containers.find': () => database.containers.find(containerId),
    'blocks.store': () => database.blocks.store([{ containerId, startSec: 0, values: blockValues() }]),
    'blocks.seconds': () => database.blocks.seconds(ask),
    'blocks.minutes': () => database.blocks.minutes(ask),
    'blocks.ensurePartitions': () => database.blocks.ensurePartitions(new Date(now.getTime() + Math.random() * 1e11)),
    'blocks.dropOld': () => database.blocks.dropOld(now, 100_000),
    'interventions.begin': () =>
      database.interventions.begin({
        id,
        actor: 'a',
        verb: 'freeze',
        hostId: host.id,
        containerId: null,
        containerName: null,
        reason: null,
        args: {},
      }),
    'interventions.finish': () =>
      database.interventions.finish(id, { status: 'done', code: null, detail: null, tookUsec: 1, result: null }),
    'interventions.list': () => database.interventions.list({ containerId: null, limit: 1 }),
    'sessions.find': () => database.sessions.find('s'),
    'sessions.alive': () => database.sessions.alive(['s']),
  }
}

test('the list of methods below is whole', () => {
  const { database } = run
  const names = ['migrate', 'ping']
  for (const noun of ['hosts', 'tokens', 'containers', 'blocks', 'interventions', 'sessions'] as const)
    names.push(...Object.keys(database[noun]).map((verb) => `${noun}.${verb}`))
  expect(Object.keys(everything()).sort()).toEqual(names.sort())
})

const outcomes = async (): Promise<Record<string, string>> => {
  const found: Record<string, string> = {}
  for (const [name, work] of Object.entries(everything()))
    found[name] = await work().then(
      () => 'ok',
      (error: { code?: string }) => error.code ?? String(error),
    )
  return found
}

const all = (outcome: string) => Object.fromEntries(Object.keys(everything()).map((name) => [name, outcome]))

describe('with the database gone', () => {
  beforeEach(async () => {
    await run.postgres.crash()
    return () => run.postgres.start()
  })

  test('every method says database-down, with a reason and without a password', async () => {
    expect(await outcomes()).toEqual(all('database-down'))
    const error: unknown = await run.database.hosts.list().catch((reason: unknown) => reason)
    expect(String(error)).toMatch(new RegExp(`^CorralError: ${ERRORS['database-down'].title}: .*\\.s\\.PGSQL\\.5432`))
    expect(String(error)).not.toContain('postgresql://')
  })
})

test('when it is back, every method works again without being opened anew', async () => {
  await run.postgres.crash()
  await outcomes()
  await run.postgres.start()
  expect(await outcomes()).toEqual(all('ok'))
})

test('a database that is shut down under open connections is database-down too', async () => {
  await Promise.all(Array.from({ length: 10 }, () => run.database.ping()))
  const slow = run.database.blocks.store(
    Array.from({ length: 2000 }, (_, i) => ({ containerId, startSec: i * 60, values: blockValues() })),
  )
  const settled = expect(slow).rejects.toMatchObject({ code: 'database-down' })
  await run.postgres.stop()
  await settled
  expect(await outcomes()).toEqual(all('database-down'))
  await run.postgres.start()
})

test.each([
  ['nobody listens there', 'postgresql://corral@127.0.0.1:1/postgres'],
  ['the name means two addresses and nobody listens', 'postgresql://corral@localhost:1/postgres'],
  ['there is no such socket', 'postgresql://corral@localhost/postgres?host=/nonexistent'],
])('%s: database-down, from pg and from Prisma', async (_, url) => {
  await using database = openDatabase({ url })
  await expect(database.ping()).rejects.toMatchObject({ code: 'database-down' })
  await expect(database.hosts.list()).rejects.toMatchObject({ code: 'database-down' })
  await expect(database.sessions.alive([])).rejects.toMatchObject({ code: 'database-down' })
})

test.each([
  ['no such database', '/none?'],
  ['no such user', '/postgres?user=nobody&'],
])('%s: database-down, from pg and from Prisma', async (_, change) => {
  await using database = openDatabase({ url: run.postgres.url.replace('/postgres?', change) })
  await expect(database.ping()).rejects.toMatchObject({ code: 'database-down' })
  await expect(database.hosts.list()).rejects.toMatchObject({ code: 'database-down' })
})

test('a database that was closed is down for whoever still asks', async () => {
  const database = openDatabase({ url: run.postgres.url })
  await database.ping()
  await database[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  await expect(database.ping()).rejects.toMatchObject({ code: 'database-down' })
  await expect(database.hosts.list()).rejects.toMatchObject({ code: 'database-down' })
})
