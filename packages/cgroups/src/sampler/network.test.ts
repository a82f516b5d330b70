import { METRIC_COUNT, METRIC_INDEX } from '@corral/domain'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeHost } from '../testing/fake-host.ts'
import type { GroupEntry, GroupTarget, Sampler } from '../types.ts'
import { createSampler } from './sampler.ts'

let nowMs = 0
beforeEach(() => {
  nowMs = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
})
afterEach(() => vi.restoreAllMocks())

const entry = (target: GroupTarget): GroupEntry => ({
  ...target,
  parentId: null,
  depth: 1,
  ownProcesses: true,
  populated: true,
  createdSec: 0,
})

/** Received bytes a second of each group, one second later. */
const receive = (sampler: Sampler): number[] => {
  nowMs += 1000
  const { values, count } = sampler.sample()
  return Array.from({ length: count }, (_, i) => values[i * METRIC_COUNT + METRIC_INDEX.networkReceiveBytes] ?? 0)
}

const hostWith = (groups: Readonly<Record<string, number>>, networkOf: Readonly<Record<number, number>> = {}) => {
  const host = new FakeHost(['unified'])
  const entries = Object.entries(groups).map(([path, pid]) => {
    const target = host.group(path, [pid])
    const shared = networkOf[pid]
    host.process(pid, shared === undefined ? { groups: path } : { groups: path, networkOf: shared })
    return entry(target)
  })
  const sampler = createSampler(host.layout())
  sampler.sync(entries)
  return { host, sampler, entries }
}

test('a container in the host’s network is not given the host’s traffic', () => {
  const { host, sampler } = hostWith({ '/web': 7 }, { 7: 1 })
  using _ = host
  using __ = sampler
  host.traffic(1, 1000, 1000)
  receive(sampler)
  host.traffic(1, 9000, 9000)
  expect(receive(sampler)).toEqual([Number.NaN])
})

test('of containers that share a network namespace exactly one is given its traffic', () => {
  const { host, sampler } = hostWith({ '/pod-a': 7, '/pod-b': 8, '/other': 9 }, { 8: 7 })
  using _ = host
  using __ = sampler
  for (let n = 1; n <= 12; n++) {
    host.traffic(7, n * 1000, 0)
    host.traffic(9, n * 10, 0)
    const [a = 0, b = 0, other] = receive(sampler)
    if (n === 1) continue
    expect([a, b].filter((value) => !Number.isNaN(value))).toEqual([1000])
    expect(other).toBe(10)
  }
})

test('when the counted one of them goes, the other takes over with a gap and no double count', () => {
  const { host, sampler, entries } = hostWith({ '/pod-a': 7, '/pod-b': 8 }, { 8: 7 })
  using _ = host
  using __ = sampler
  host.traffic(7, 1000, 0)
  receive(sampler)
  host.traffic(7, 2000, 0)
  const counted = receive(sampler).indexOf(1000)
  sampler.sync(entries.filter((_, i) => i !== counted))
  host.traffic(7, 3000, 0)
  expect(receive(sampler)).toEqual([Number.NaN])
  host.traffic(7, 4000, 0)
  expect(receive(sampler)).toEqual([1000])
})

test('another member is asked when the first one has ended', () => {
  const { host, sampler } = hostWith({ '/web': 7 })
  using _ = host
  using __ = sampler
  host.process(8, { groups: '/web', networkOf: 7 })
  host.traffic(7, 1000, 0)
  receive(sampler)
  host.endProcess(7)
  host.group('/web', [8])
  host.traffic(8, 3000, 0)
  expect(receive(sampler)).toEqual([2000])
})

test('a pid that now is a process of another group is not asked', () => {
  const { host, sampler } = hostWith({ '/web': 7 })
  using _ = host
  using __ = sampler
  host.traffic(7, 1000, 0)
  receive(sampler)
  host.endProcess(7)
  host.process(7, { groups: '/stranger' })
  host.traffic(7, 50_000, 0)
  host.group('/web', [])
  expect(receive(sampler)).toEqual([Number.NaN])
})

test('a namespace made after the first process was in is found', () => {
  const { host, sampler } = hostWith({ '/web': 7 }, { 7: 1 })
  using _ = host
  using __ = sampler
  receive(sampler)
  host.endProcess(7)
  host.process(7, { groups: '/web' })
  host.traffic(7, 1000, 0)
  receive(sampler)
  host.traffic(7, 1500, 0)
  expect(receive(sampler)).toEqual([500])
})
