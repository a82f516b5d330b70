import type { GroupEntry } from '@corral/cgroups'
import type { CgroupId, GroupPath } from '@corral/domain'
import { containerDescription, type GroupFacts, MOST_CONTAINERS } from '@corral/protocol'
import type { SelectedContainer } from '@corral/runtimes'
import { BOOT, until } from '@corral/testing'
import { expect, test } from 'vitest'
import { createDescriber } from './describer.ts'
import { createRoster } from './roster.ts'

const selected = (id: number, path = `/made/${id}`): SelectedContainer<GroupEntry> => ({
  entry: {
    cgroupId: String(id) as CgroupId,
    path: path as GroupPath,
    parentId: null,
    depth: 2,
    ownProcesses: true,
    populated: true,
    createdSec: 5,
  },
  runtime: 'plain',
  name: String(id),
  id: null,
})
const facts = (id: number, given: Partial<GroupFacts> = {}): GroupFacts => ({
  cgroupId: String(id) as CgroupId,
  name: null,
  image: null,
  labels: {},
  runtime: null,
  protection: null,
  ...given,
})
const names = (roster: ReturnType<typeof createRoster>) => roster.descriptions.map(({ name }) => name)

test('arrivals and departures change the set; the same walk again changes nothing', () => {
  const roster = createRoster(BOOT)
  expect(roster.update([selected(1), selected(2)], 0, 0)).toBe(true)
  const { version } = roster
  expect(roster.update([selected(1), selected(2)], 0, 1)).toBe(false)
  expect(roster.version).toBe(version)
  expect(roster.update([selected(2)], 0, 2)).toBe(true)
  expect(names(roster)).toEqual(['2'])
})

test('what the warden says replaces what the path told, and stays while the group does', () => {
  const roster = createRoster(BOOT)
  roster.update([selected(1)], 0, 0)
  roster.describe([facts(1, { name: 'web', image: 'nginx:1', runtime: 'docker', protection: 'ours' }), facts(9)])
  roster.update([selected(1), selected(2)], 0, 1)
  expect(roster.descriptions[0]).toMatchObject({ name: 'web', image: 'nginx:1', runtime: 'docker', protection: 'ours' })
  expect(containerDescription.safeParse(roster.descriptions[0]).success).toBe(true)
})

test('the same facts again do not make a new report', () => {
  const roster = createRoster(BOOT)
  roster.update([selected(1)], 0, 0)
  roster.describe([facts(1, { labels: { a: 'b' } })])
  const { version } = roster
  roster.describe([facts(1, { labels: { a: 'b' } })])
  expect(roster.version).toBe(version)
})

test('a name that an engine gives is escaped like any other', () => {
  const roster = createRoster(BOOT)
  roster.update([selected(1)], 0, 0)
  roster.describe([facts(1, { name: 'a\u202eb\u001b[2J' })])
  expect(names(roster)).toEqual(['a\\u{202e}b\\u{1b}[2J'])
})

test('another group under the number of one that left begins without its facts', () => {
  const roster = createRoster(BOOT)
  roster.update([selected(1)], 0, 0)
  roster.describe([facts(1, { name: 'web' })])
  roster.update([selected(1, '/made/other')], 0, 1)
  expect(names(roster)).toEqual(['1'])
})

test('containers beyond the most that may be reported are counted', () => {
  const roster = createRoster(BOOT)
  const many = Array.from({ length: MOST_CONTAINERS + 3 }, (_, i) => selected(i + 1))
  roster.update(many, 2, 0)
  expect(roster.entries).toHaveLength(MOST_CONTAINERS)
  expect(roster.omitted).toBe(5)
})

test('a new container is shown once it is described, or after two seconds without', async () => {
  const roster = createRoster(BOOT)
  let answer = (): void => {}
  const asked: string[][] = []
  const describer = createDescriber(
    roster,
    {
      describe: (groups, each) =>
        new Promise((resolve) => {
          asked.push(groups.map(({ cgroupId }) => cgroupId))
          answer = () => {
            each(groups.map(({ cgroupId }) => facts(Number(cgroupId), { name: `web${cgroupId}` })))
            resolve()
          }
        }),
    },
    { changed: () => {}, failed: () => {} },
  )
  roster.update([selected(1)], 0, 0)
  describer.tick(0)
  expect([0, 1999, 2000].map(describer.isSettled)).toEqual([false, false, true])
  roster.update([selected(1), selected(2)], 0, 1000)
  describer.tick(1000)
  expect(asked).toEqual([['1']])
  answer()
  await until('taken', () => names(roster)[0] === 'web1')
  await Promise.resolve()
  await until('asked for the second', () => {
    describer.tick(1001)
    return asked.length === 2
  })
  expect(asked[1]).toEqual(['2'])
  answer()
  expect(describer.isSettled(1002)).toBe(true)
})

test('a new container that its engine does not list yet is asked for again, until it has its name', async () => {
  const roster = createRoster(BOOT)
  const asked: number[] = []
  const describer = createDescriber(
    roster,
    {
      describe: async (groups, each) => {
        asked.push(groups.length)
        each(groups.map(() => facts(1, { name: asked.length < 3 ? null : 'web' })))
      },
    },
    { changed: () => {}, failed: () => {} },
  )
  roster.update([selected(1, `/docker/${'ab'.repeat(32)}`), selected(2)], 0, 0)
  roster.describe([facts(2)])
  for (const nowMs of [0, 1000, 2000, 3000, 4000]) {
    describer.tick(nowMs)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(asked).toEqual([2, 1, 1])
  expect(names(roster)[0]).toBe('web')
})

test('everything is described again now and then, and a warden that does not answer is given time', async () => {
  const roster = createRoster(BOOT)
  roster.update([selected(1)], 0, 0)
  let calls = 0
  let failures = 0
  const describer = createDescriber(
    roster,
    {
      describe: async (groups, each) => {
        calls += 1
        if (calls === 1) throw new Error('no answer')
        each(groups.map(({ cgroupId }) => facts(Number(cgroupId))))
      },
    },
    {
      changed: () => {},
      failed: () => {
        failures += 1
      },
    },
  )
  describer.tick(0)
  await until('failed', () => failures === 1)
  describer.tick(100)
  expect(calls).toBe(1)
  describer.tick(6000)
  expect(calls).toBe(2)
  await new Promise((resolve) => setImmediate(resolve))
  expect(roster.undescribed().groups).toEqual([])
  describer.tick(7000)
  expect(calls).toBe(2)
  describer.tick(31_000)
  expect(calls).toBe(3)
})
