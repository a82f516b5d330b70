import { type HostId, SMALL_VECTOR_LENGTH } from '@corral/domain'
import type { FleetMessage, LiveContainer, LiveHost } from '@corral/protocol'
import { describe, expect, it } from 'vitest'
import { createLiveStore, SMALL_INDEX, type SmallMetric } from '../../client/live-store.ts'
import { parseFilter } from './filter.ts'
import { NO_KEYS, prepareRows, recentMean, sortKeysOf, suggest, sumOf, wideningTerms } from './prepare.ts'

const hostId = '00000000-0000-4000-8000-000000000001' as HostId
const host = { hostId, online: true, facts: { name: 'ber-14', cpus: 4, memoryBytes: 1 } } as LiveHost
const container = (id: string, name: string, runtime: string): LiveContainer => ({
  containerId: id,
  hostId,
  cgroupId: id,
  path: `/${name}`,
  name,
  runtime,
  image: null,
  labels: {},
  protection: null,
  startedSec: 0,
  lease: null,
})
const store = createLiveStore(() => undefined)
store.receive({
  kind: 'fleet',
  hosts: [host],
  containers: [
    container('1', 'ssh.service', 'systemd'),
    container('2', 'web-10', 'docker'),
    container('3', 'web-9', 'docker'),
  ],
})
const tick = (atSec: number, id: string, values: Partial<Record<SmallMetric, number>>): FleetMessage => {
  const vector = new Float32Array(SMALL_VECTOR_LENGTH).fill(Number.NaN)
  for (const [key, value] of Object.entries(values)) vector[SMALL_INDEX[key as SmallMetric]] = value
  return {
    kind: 'tick',
    hostId,
    atSec,
    containerIds: [id],
    states: ['running'],
    values: vector,
    cost: { cpuCores: 0, rssBytes: 0 },
  }
}
for (let sec = 1; sec <= 30; sec++) store.receive(tick(sec, '2', { cpuUsage: sec <= 15 ? 100 : 2 }))

const fleet = store.fleet()
if (fleet === null) throw new Error('no fleet')
const names = (query: string) =>
  prepareRows(fleet, store.cell, { terms: parseFilter(query), keysOf: () => NO_KEYS }).map((row) => row.container.name)

describe('rows', () => {
  it('keep one order among equals: what people run first, numbers as numbers', () =>
    expect(names('')).toEqual(['web-9', 'web-10', 'ssh.service']))
  it('stay where one looks, also when they match no longer', () =>
    expect(
      prepareRows(fleet, store.cell, {
        terms: parseFilter('cpu>1'),
        keysOf: () => NO_KEYS,
        stay: new Set(['1']),
      }).map((row) => row.container.name),
    ).toEqual(['web-10', 'ssh.service']))
  it('are those that match', () => expect(names('web cpu>1')).toEqual(['web-10']))
})

describe('sort keys', () => {
  const cell = store.cell('2')
  it('are the mean of the last points', () => expect(cell && recentMean(cell, 'cpuUsage')).toBeCloseTo(2))
  it('are missing where nothing is measured', () =>
    expect(sortKeysOf(store.cell('3'))).toMatchObject({ cpu: undefined, memory: undefined, disk: undefined }))
  it('add what there is of two directions', () => {
    expect(sumOf(Number.NaN, 3)).toBe(3)
    expect(sumOf(Number.NaN, Number.NaN)).toBeNaN()
  })
})

it('suggests filters with their counts, the same ones whatever the values', () =>
  expect(suggest(fleet, store.cell)).toEqual([
    { raw: 'frozen', count: 0 },
    { raw: 'pressure>10%', count: 0 },
    { raw: 'throttled>5%', count: 0 },
    { raw: 'cpu>1', count: 1 },
    { raw: 'lease', count: 0 },
    { raw: 'runtime:docker', count: 2 },
    { raw: 'runtime:systemd', count: 1 },
  ]))

it('offers the smallest way back from nothing', () =>
  expect(wideningTerms(fleet, store.cell, parseFilter('web throttled>80%'))).toEqual([
    { raw: 'throttled>80%', count: 2 },
  ]))
