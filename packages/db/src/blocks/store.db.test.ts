import { BLOCK_POINTS, type ContainerId, METRIC_COUNT, METRIC_INDEX, METRIC_KEYS, type MetricKey } from '@corral/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../open.ts'
import { askSql, blockValues, enrolHost, startTestDatabase } from '../testing/fixtures.ts'

let run: Awaited<ReturnType<typeof startTestDatabase>>
beforeAll(async () => {
  run = await startTestDatabase()
})
afterAll(() => run?.[Symbol.asyncDispose]())

/** 2026-11-24T00:00:00Z. */
const T0 = 1_795_478_400
const DAY = 86_400

const rowCount = async (containerId: ContainerId): Promise<number> => {
  const rows = await askSql<{ n: number }>(
    run.postgres.url,
    'SELECT count(*)::int AS n FROM block_second WHERE container_id = $1',
    [containerId],
  )
  return rows[0]?.n ?? -1
}

const partitions = async (): Promise<string[]> => {
  const rows = await askSql<{ name: string }>(
    run.postgres.url,
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'block_second'::regclass ORDER BY 1`,
  )
  return rows.map((row) => row.name)
}

const points = async (containerId: ContainerId, metrics: readonly MetricKey[], fromSec = T0, toSec = T0 + 60) =>
  run.database.blocks.seconds({ containerId, metrics, fromSec, toSec })

describe('a block sent twice is stored once', () => {
  test('in one upload and in two, and what was stored first stays', async () => {
    const { first } = await enrolHost(run.database)
    const block = { containerId: first, startSec: T0, values: blockValues() }
    expect(await run.database.blocks.store([block, block])).toEqual({ stored: 1, duplicate: 1 })
    const changed = { ...block, values: blockValues().fill(9) }
    expect(await run.database.blocks.store([changed])).toEqual({ stored: 0, duplicate: 1 })
    expect((await points(first, ['cpuUsage']))[0]?.values).toEqual(blockValues().subarray(0, BLOCK_POINTS))
  })

  test('by two dashboards at the same time, in opposite order', async () => {
    const { containerIds, first } = await enrolHost(run.database, 50)
    await using other = openDatabase({ url: run.postgres.url })
    const rows = containerIds.map((containerId) => ({ containerId, startSec: T0 + 60, values: blockValues() }))
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        (i % 2 ? other : run.database).blocks.store(i % 2 ? [...rows].reverse() : rows),
      ),
    )
    expect(results.reduce((sum, result) => sum + result.stored, 0)).toBe(50)
    expect(results.reduce((sum, result) => sum + result.duplicate, 0)).toBe(350)
    expect(await rowCount(first)).toBe(1)
  })
})

test('every point of every metric comes back as it was, and a gap as a gap', async () => {
  const { first } = await enrolHost(run.database)
  const wholeMetric = Array.from({ length: BLOCK_POINTS }, (_, i) => METRIC_INDEX.pids * BLOCK_POINTS + i)
  const values = blockValues([0, 61, 119, ...wholeMetric])
  values[5] = Number.POSITIVE_INFINITY
  values[6] = -0.1
  await run.database.blocks.store([{ containerId: first, startSec: T0, values }])
  expect(await points(first, METRIC_KEYS)).toEqual([{ startSec: T0, values }])
  const [picked] = await points(first, ['frozen', 'cpuUsage'])
  expect(picked?.values.subarray(0, 60)).toEqual(values.subarray(METRIC_INDEX.frozen * 60))
  expect(picked?.values.subarray(60)).toEqual(values.subarray(0, 60))
})

test('minutes have the average and the peak of the points there are; a metric without points has neither', async () => {
  const { first } = await enrolHost(run.database)
  const values = blockValues().fill(Number.NaN)
  values.set([2, 4], METRIC_INDEX.memoryCurrent * BLOCK_POINTS + 7)
  await run.database.blocks.store([{ containerId: first, startSec: T0, values }])
  const minutes = await run.database.blocks.minutes({
    containerId: first,
    metrics: ['memoryCurrent', 'pids'],
    fromSec: T0,
    toSec: T0 + 1,
  })
  const none = Number.NaN
  expect(minutes).toEqual([{ startSec: T0, avg: Float32Array.of(3, none), peak: Float32Array.of(4, none) }])
})

test('a question gets the blocks that overlap it, oldest first', async () => {
  const { first } = await enrolHost(run.database)
  const starts = [T0 + 120, T0, T0 + 60, T0 + DAY]
  await run.database.blocks.store(starts.map((startSec) => ({ containerId: first, startSec, values: blockValues() })))
  const between = async (fromSec: number, toSec: number) =>
    (await points(first, ['pids'], fromSec, toSec)).map((block) => block.startSec - T0)
  expect(await between(T0, T0 + 60)).toEqual([0])
  expect(await between(T0 + 59, T0 + 61)).toEqual([0, 60])
  expect(await between(T0 + 0.5, T0 + 2 * DAY)).toEqual([0, 60, 120, DAY])
})

describe('partitions', () => {
  test('a day without one gets one, with arrays compressed inside the row', async () => {
    const { first } = await enrolHost(run.database)
    const values = blockValues()
    await run.database.blocks.store([{ containerId: first, startSec: 0, values }])
    expect(await partitions()).toContain('block_second_19700101')
    const [options] = await askSql<{ reloptions: string[]; storage: string[] }>(
      run.postgres.url,
      `SELECT reloptions, array(SELECT DISTINCT attstorage::text FROM pg_attribute
         WHERE attrelid = c.oid AND attnum > 2) AS storage
       FROM pg_class c WHERE relname = 'block_second_19700101'`,
    )
    expect(options).toEqual({ reloptions: ['toast_tuple_target=128'], storage: ['m'] })
  })

  test('are made ahead, and dropped once their last second is older than is kept', async () => {
    const now = new Date((T0 + 30 * DAY + 3600) * 1000)
    await run.database.blocks.ensurePartitions(now)
    expect(await partitions()).toEqual(
      expect.arrayContaining(['24', '25', '26', '27'].map((day) => `block_second_202612${day}`)),
    )
    const dropped = await run.database.blocks.dropOld(now, 2)
    expect(dropped).toContain('block_second_20261124')
    const left = await partitions()
    expect(left.filter((name) => name < 'block_second_20261222')).toEqual([])
    expect(left).toContain('block_second_20261224')
  })

  test('a day that another dashboard dropped is made again', async () => {
    const { first } = await enrolHost(run.database)
    await using other = openDatabase({ url: run.postgres.url })
    const block = { containerId: first, startSec: T0, values: blockValues() }
    expect(await run.database.blocks.store([block])).toEqual({ stored: 1, duplicate: 0 })
    expect(await other.blocks.dropOld(new Date((T0 + 9 * DAY) * 1000), 1)).toContain('block_second_20261124')
    expect(await run.database.blocks.store([block])).toEqual({ stored: 1, duplicate: 0 })
  })

  test('are made once, however many dashboards want them at the same time', async () => {
    const others = Array.from({ length: 4 }, () => openDatabase({ url: run.postgres.url }))
    const now = new Date((T0 + 300 * DAY) * 1000)
    await Promise.all(others.map((other) => other.blocks.ensurePartitions(now)))
    await Promise.all(others.map((other) => other[Symbol.asyncDispose]()))
    expect((await partitions()).filter((name) => name.startsWith('block_second_2027'))).toHaveLength(4)
  })
})

test('a misshapen block is refused, and nothing of its upload is stored', async () => {
  const { first } = await enrolHost(run.database)
  const good = { containerId: first, startSec: T0, values: blockValues() }
  for (const bad of [
    { ...good, startSec: T0 + 1 },
    { ...good, startSec: Number.NaN },
    { ...good, startSec: 1e15 },
    { ...good, values: new Float32Array(METRIC_COUNT) },
  ])
    await expect(run.database.blocks.store([good, bad])).rejects.toMatchObject({ code: 'bad-input' })
  expect(await rowCount(first)).toBe(0)
})

test('a metric that is not in the table is refused', async () => {
  const { first } = await enrolHost(run.database)
  const metrics = ['pids; DROP TABLE host' as MetricKey]
  await expect(points(first, metrics)).rejects.toMatchObject({ code: 'bad-input' })
})

/** The seeded fault for "stored once": the guarantee rests on the key, and without it nothing is acknowledged. */
test('without its key the table takes nothing, rather than storing twice', async () => {
  const { first } = await enrolHost(run.database)
  await askSql(run.postgres.url, 'ALTER TABLE block_second DROP CONSTRAINT block_second_pkey')
  const block = { containerId: first, startSec: T0, values: blockValues() }
  await expect(run.database.blocks.store([block])).rejects.toThrow(/unique or exclusion constraint/)
  expect(await rowCount(first)).toBe(0)
  await askSql(run.postgres.url, 'ALTER TABLE block_second ADD PRIMARY KEY (container_id, start)')
})
