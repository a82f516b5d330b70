import { createHash, randomUUID } from 'node:crypto'
import type { BootId } from '@corral/domain'
import { type ContainerId, isHostId } from '@corral/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from './open.ts'
import { askSql, cgroup, describeContainer, enrolHost, newHost, startTestDatabase } from './testing/fixtures.ts'

let run: Awaited<ReturnType<typeof startTestDatabase>>
beforeAll(async () => {
  run = await startTestDatabase()
})
afterAll(() => run?.[Symbol.asyncDispose]())

const NOW = new Date('2026-11-24T12:00:00Z')
const later = (ms: number): Date => new Date(NOW.getTime() + ms)

const makeToken = async (expiresAt = later(900_000)): Promise<Uint8Array> => {
  const hash = createHash('sha256').update(randomUUID()).digest()
  await run.database.tokens.create({ hash, createdBy: 'ada', expiresAt, labels: { env: 'lab' } })
  return hash
}

const hostCount = async (): Promise<number> => (await run.database.hosts.list()).length

describe('an enrolment token is used once', () => {
  test('of 100 who redeem it at the same time, on two dashboards, one gets it', async () => {
    await using other = openDatabase({ url: run.postgres.url })
    const hash = await makeToken()
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) => (i % 2 ? other : run.database).tokens.redeem(hash, NOW)),
    )
    expect(results.filter(Boolean)).toEqual([{ labels: { env: 'lab' } }])
  })

  test('of 100 who enrol with it at the same time, one host comes to be', async () => {
    const before = await hostCount()
    const hash = await makeToken()
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) => run.database.tokens.redeemForHost(hash, newHost(`h${i}`), NOW)),
    )
    const [host, ...more] = results.filter((result) => result !== null)
    expect(more).toEqual([])
    expect(host).toMatchObject({ labels: { env: 'lab' }, enrolledAt: NOW, seenAt: null })
    expect(await hostCount()).toBe(before + 1)
    const [row] = await askSql<{ host_id: string }>(
      run.postgres.url,
      'SELECT host_id FROM enrolment_token WHERE hash = $1',
      [hash],
    )
    expect(row?.host_id).toBe(host?.id)
  })

  test('a token that is unknown or has expired gets nothing', async () => {
    const hash = await makeToken(NOW)
    expect(await run.database.tokens.redeem(hash, NOW)).toBeNull()
    expect(await run.database.tokens.redeemForHost(hash, newHost(), NOW)).toBeNull()
    expect(await run.database.tokens.redeem(new Uint8Array(32), NOW)).toBeNull()
    expect(await run.database.tokens.redeem(hash, later(-1))).not.toBeNull()
  })

  test('a token whose host could not be stored is not used up', async () => {
    const hash = await makeToken()
    const bad = { ...newHost(), publicKey: new Uint8Array(31) }
    await expect(run.database.tokens.redeemForHost(hash, bad, NOW)).rejects.toThrow()
    expect(await run.database.tokens.redeemForHost(hash, newHost(), NOW)).not.toBeNull()
  })

  test('what is not a SHA-256 is not stored', async () => {
    const token = { createdBy: 'ada', expiresAt: NOW, labels: {} }
    await expect(run.database.tokens.create({ ...token, hash: Buffer.from('corral_token') })).rejects.toThrow()
  })
})

test('a host is found again as it was made; its facts change only when it tells them', async () => {
  const made = await run.database.hosts.create({ ...newHost('oak'), labels: { rack: '4' } })
  expect(await run.database.hosts.find(made.id)).toEqual(made)
  expect(made.publicKey).toEqual(newHost().publicKey)
  await run.database.hosts.touch(made.id, null, later(1000))
  expect(await run.database.hosts.find(made.id)).toEqual({ ...made, seenAt: later(1000) })
  const facts = { ...made.facts, kernel: '7.0', canAct: false, whyNot: 'no root' }
  await run.database.hosts.touch(made.id, facts, later(2000))
  expect(await run.database.hosts.find(made.id)).toEqual({ ...made, facts, seenAt: later(2000) })
  const nobody = randomUUID()
  if (isHostId(nobody)) {
    await run.database.hosts.touch(nobody, null, NOW)
    expect(await run.database.hosts.find(nobody)).toBeNull()
  }
})

describe('a container', () => {
  test('keeps its id while it is called something else, and another boot is another container', async () => {
    const { host, first } = await enrolHost(run.database)
    const renamed = describeContainer(1, { name: 'web', labels: { a: 'ö' }, image: 'nginx', protection: 'it is ours' })
    expect(await run.database.containers.upsert(host.id, [renamed], later(5))).toEqual(new Map([[cgroup(1), first]]))
    expect(await run.database.containers.find(first)).toMatchObject({ ...renamed, id: first, hostId: host.id })
    const bootId = randomUUID() as BootId
    const rebooted = await run.database.containers.upsert(host.id, [describeContainer(1, { bootId })], NOW)
    expect(rebooted.get(cgroup(1))).not.toBe(first)
  })

  test('is one, however many report it at the same time', async () => {
    const { host } = await enrolHost(run.database)
    await using other = openDatabase({ url: run.postgres.url })
    const many = Array.from({ length: 300 }, (_, i) => describeContainer(i + 10))
    const maps = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        (i % 2 ? other : run.database).containers.upsert(host.id, i % 2 ? [...many].reverse() : many, later(i * 1e5)),
      ),
    )
    for (const map of maps) expect(new Map([...map].sort())).toEqual(new Map([...(maps[0] ?? [])].sort()))
    expect(new Set(maps[0]?.values()).size).toBe(300)
  })

  test('reported twice in one report takes the last description', async () => {
    const { host, first } = await enrolHost(run.database)
    const twice = [describeContainer(1, { name: 'a' }), describeContainer(1, { name: 'b' })]
    expect((await run.database.containers.upsert(host.id, twice, NOW)).size).toBe(1)
    expect((await run.database.containers.find(first))?.name).toBe('b')
  })

  test('with text that Postgres cannot hold is refused as bad input', async () => {
    const { host } = await enrolHost(run.database)
    for (const bad of [describeContainer(9, { name: 'a\0b' }), describeContainer(9, { labels: { k: '\ud800' } })])
      await expect(run.database.containers.upsert(host.id, [bad], NOW)).rejects.toMatchObject({ code: 'bad-input' })
  })

  test('of another boot than the others in its report is refused', async () => {
    const { host } = await enrolHost(run.database)
    const mixed = [describeContainer(1), describeContainer(2, { bootId: randomUUID() as BootId })]
    await expect(run.database.containers.upsert(host.id, mixed, NOW)).rejects.toMatchObject({ code: 'bad-input' })
  })

  test('that nobody reported is not found', async () => {
    expect(await run.database.containers.find('987654321' as ContainerId)).toBeNull()
    expect(await run.database.containers.find("1' OR 1=1" as ContainerId)).toBeNull()
  })
})

describe('an intervention', () => {
  const intent = async () => {
    const { host, first } = await enrolHost(run.database)
    return {
      id: randomUUID(),
      actor: 'Ada',
      verb: 'freeze',
      hostId: host.id,
      containerId: first,
      containerName: 'c1',
      reason: null,
      args: { leaseSec: 60 },
    }
  }
  const done = { status: 'done', code: null, detail: null, tookUsec: 812.5, result: { state: 'frozen' } } as const

  test('is pending until it ends, and ends once', async () => {
    const asked = await intent()
    await run.database.interventions.begin(asked)
    const list = () => run.database.interventions.list({ containerId: asked.containerId, limit: 10 })
    expect(await list()).toMatchObject([{ ...asked, status: 'pending', result: null, finishedAt: null }])
    await run.database.interventions.finish(asked.id, done)
    await run.database.interventions.finish(asked.id, { ...done, status: 'refused', code: 'internal' })
    expect(await list()).toMatchObject([{ ...asked, ...done, finishedAt: expect.any(Date) }])
  })

  test('cannot be begun twice', async () => {
    const asked = await intent()
    await run.database.interventions.begin(asked)
    await expect(run.database.interventions.begin(asked)).rejects.toMatchObject({ code: 'command-repeated' })
  })

  test('of a container that is not there is refused', async () => {
    const asked = { ...(await intent()), containerId: '987654321' as ContainerId }
    await expect(run.database.interventions.begin(asked)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('is listed newest first, and no more than asked for', async () => {
    const asked = await intent()
    const ids = [randomUUID(), randomUUID(), randomUUID()]
    for (const [i, id] of ids.entries()) {
      await run.database.interventions.begin({ ...asked, id, containerId: null })
      await askSql(run.postgres.url, 'UPDATE intervention SET at = $2 WHERE id = $1', [id, new Date(4e12 + i)])
    }
    const listed = await run.database.interventions.list({ containerId: null, limit: 2 })
    expect(listed.map((row) => row.id)).toEqual([ids[2], ids[1]])
  })
})

test('a session is alive until it expires or is gone; a role that is not known may do nothing', async () => {
  const { url } = run.postgres
  await askSql(
    url,
    `INSERT INTO "user" (id, name, email, role) VALUES ('u', 'U', 'u@x', 'operator'), ('v', 'V', 'v@x', 'root')`,
  )
  await askSql(
    url,
    `INSERT INTO session (id, token, user_id, expires_at) VALUES
       ('s1', 't1', 'u', '2999-01-01Z'), ('s2', 't2', 'u', '2000-01-01Z'), ('s3', 't3', 'v', '2999-01-01Z')`,
  )
  const expiresAt = new Date('2999-01-01T00:00:00Z')
  expect(await run.database.sessions.find('s1')).toEqual({ userId: 'u', role: 'operator', expiresAt })
  expect(await run.database.sessions.find('s3')).toBeNull()
  expect(await run.database.sessions.find('none')).toBeNull()
  expect(await run.database.sessions.alive(['s1', 's2', 'none'])).toEqual(new Set(['s1']))
})
