import { renameSync } from 'node:fs'
import { CONTAINER_STATES, METRIC_COUNT, METRIC_KEYS, type MetricKey } from '@corral/domain'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeHost, type Files, HYBRID, LEGACY } from '../testing/fake-host.ts'
import type { GroupEntry, GroupTarget, Sample, Sampler } from '../types.ts'
import { createSampler } from './sampler.ts'

let nowMs = 0
beforeEach(() => {
  nowMs = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
})
afterEach(() => vi.restoreAllMocks())

const entry = (target: GroupTarget, populated = true): GroupEntry => ({
  ...target,
  parentId: null,
  depth: 1,
  ownProcesses: populated,
  populated,
  createdSec: 0,
})

type Values = Record<MetricKey, number>

const valuesOf = (sample: Sample, place = 0): Values =>
  Object.fromEntries(METRIC_KEYS.map((key, i) => [key, sample.values[place * METRIC_COUNT + i]])) as Values

/** The next sample, `ms` later. */
const after = (sampler: Sampler, ms: number): Sample => {
  nowMs += ms
  return sampler.sample()
}

const v2Files = (n: number): Files => ({
  'cpu.stat': `usage_usec ${n * 500_000}\nuser_usec 1\nsystem_usec ${n * 250_000}\nnr_throttled 1\nthrottled_usec ${n * 100_000}\n`,
  'memory.current': `${n * 4096}\n`,
  'memory.stat': `anon ${n * 1024}\nfile ${n * 512}\ninactive_file ${n * 256}\npgmajfault ${n * 3}\n`,
  'memory.swap.current': `${n * 64}\n`,
  'io.stat': `8:0 rbytes=${n * 1000} wbytes=${n * 2000} rios=${n * 10} wios=${n * 20} dbytes=0 dios=0\n`,
  'pids.current': `${n}\n`,
  'cpu.pressure': `some avg10=0.00 total=${n * 50_000}\nfull avg10=0.00 total=0\n`,
  'memory.pressure': `some avg10=0.00 total=${n * 10_000}\nfull avg10=0.00 total=${n * 5000}\n`,
  'io.pressure': `some avg10=0.00 total=${n * 20_000}\nfull avg10=0.00 total=${n * 10_000}\n`,
})

const v1Files: Readonly<Record<string, (n: number) => Files>> = {
  cpu: (n) => ({ 'cpu.stat': `nr_periods 9\nnr_throttled 1\nthrottled_time ${n * 100_000_000}\n` }),
  cpuacct: (n) => ({ 'cpuacct.usage': `${n * 500_000_000}\n`, 'cpuacct.usage_sys': `${n * 250_000_000}\n` }),
  memory: (n) => ({
    'memory.usage_in_bytes': `${n * 4096}\n`,
    'memory.memsw.usage_in_bytes': `${n * 4160}\n`,
    'memory.stat': `rss 1\ntotal_cache ${n * 512}\ntotal_rss ${n * 1024}\ntotal_pgmajfault ${n * 3}\ntotal_inactive_file ${n * 256}\n`,
  }),
  blkio: (n) => ({
    'blkio.throttle.io_service_bytes_recursive': `8:0 Read ${n * 1000}\n8:0 Write ${n * 2000}\nTotal 3\n`,
    'blkio.throttle.io_serviced_recursive': `8:0 Read ${n * 10}\n8:0 Write ${n * 20}\nTotal 3\n`,
  }),
  pids: (n) => ({ 'pids.current': `${n}\n` }),
}

/** What `v2Files(1)` and then, 500 ms later, `v2Files(2)` mean; the same for v1's files. */
const EXPECTED = {
  cpuUsage: 1,
  cpuSystem: 0.5,
  cpuThrottled: 0.2,
  memoryCurrent: 8192,
  memoryWorkingSet: 8192 - 512,
  memoryAnon: 2048,
  memoryFile: 1024,
  memorySwap: 128,
  majorFaults: 6,
  ioReadBytes: 2000,
  ioWriteBytes: 4000,
  ioReadOps: 20,
  ioWriteOps: 40,
  networkReceiveBytes: 20_000,
  networkTransmitBytes: 200,
  pids: 2,
  frozen: 0,
}
const PRESSURE = {
  pressureCpuSome: 0.1,
  pressureMemorySome: 0.02,
  pressureMemoryFull: 0.01,
  pressureIoSome: 0.04,
  pressureIoFull: 0.02,
}

const expectValues = (found: Values, expected: Partial<Values>): void => {
  for (const key of METRIC_KEYS) {
    const value = expected[key]
    if (value === undefined) expect(found[key], key).toBeNaN()
    else expect(found[key], key).toBeCloseTo(value, 5)
  }
}

const v2Host = () => {
  const host = new FakeHost(['unified'], { v2Controllers: 'cpu io memory pids' })
  const target = host.group('/web', [7], v2Files(1))
  host.process(7, { groups: '/web' })
  host.traffic(7, 10_000, 100)
  const sampler = createSampler(host.layout())
  sampler.sync([entry(target)])
  return { host, target, sampler }
}

test('v2: every metric of the table, over the time that was measured', () => {
  const { host, sampler } = v2Host()
  using _ = host
  using __ = sampler
  const first = valuesOf(after(sampler, 0))
  expect([first.cpuUsage, first.ioReadBytes, first.networkReceiveBytes, first.pressureIoFull]).toEqual(
    Array(4).fill(Number.NaN),
  )
  expect(first.memoryCurrent).toBe(4096)
  host.files('unified', '/web', v2Files(2))
  host.traffic(7, 20_000, 200)
  expectValues(valuesOf(after(sampler, 500)), { ...EXPECTED, ...PRESSURE })
})

test('v1: every metric that v1 has, and a gap where it has none', () => {
  using host = new FakeHost(LEGACY)
  const target = host.v1('name=systemd', '/web', [7])
  host.process(7, { groups: '/web' })
  host.traffic(7, 10_000, 100)
  const write = (n: number) => {
    host.v1('cpu,cpuacct', '/web', [7], { ...v1Files.cpu?.(n), ...v1Files.cpuacct?.(n) })
    for (const tree of ['memory', 'blkio', 'pids']) host.v1(tree, '/web', [7], v1Files[tree]?.(n))
  }
  write(1)
  host.v1('freezer', '/web', [7], { 'freezer.state': 'THAWED\n' })
  host.files('blkio', '/', v1Files.blkio?.(9) ?? {})
  using sampler = createSampler(host.layout())
  sampler.sync([entry(target)])
  after(sampler, 0)
  write(2)
  host.traffic(7, 20_000, 200)
  expectValues(valuesOf(after(sampler, 500)), EXPECTED)
})

/** A hybrid host whose container has another path in the v1 trees. */
const hybridHost = () => {
  const host = new FakeHost(HYBRID)
  const target = host.group('/web', [7], { ...v2Files(1), 'cpu.stat': 'usage_usec 500000\nsystem_usec 250000\n' })
  const elsewhere = Object.fromEntries(HYBRID.map((tree) => [tree, '/docker/0123']))
  host.process(7, { groups: { ...elsewhere, '': '/web' } })
  host.traffic(7, 10_000, 100)
  const write = (n: number): void => {
    for (const [tree, files] of Object.entries(v1Files)) host.v1(tree, '/docker/0123', [7], files(n))
  }
  write(1)
  host.v1('freezer', '/docker/0123', [7], { 'freezer.state': 'THAWED\n' })
  host.files('blkio', '/', v1Files.blkio?.(9) ?? {})
  return { host, target, write }
}

test('hybrid: cpu time and pressure from cgroup2, the rest from wherever the v1 trees have the group', () => {
  const { host, target, write } = hybridHost()
  using _ = host
  using sampler = createSampler(host.layout())
  sampler.sync([entry(target)])
  after(sampler, 0)
  write(2)
  host.files('unified', '/web', { ...v2Files(2), 'cpu.stat': 'usage_usec 1000000\nsystem_usec 500000\n' })
  host.traffic(7, 20_000, 200)
  expectValues(valuesOf(after(sampler, 500)), { ...EXPECTED, ...PRESSURE })
})

test('hybrid: a group whose processes stayed in a v1 root is not given the whole host', () => {
  const { host, target } = hybridHost()
  using _ = host
  host.files('memory', '/', { 'cgroup.procs': '1\n7\n', ...v1Files.memory?.(1000) })
  host.process(8, { groups: { '': '/web', pids: '/docker/0123' } })
  host.group('/web', [8])
  host.v1('pids', '/docker/0123', [8])
  using sampler = createSampler(host.layout())
  sampler.sync([entry(target)])
  const values = valuesOf(after(sampler, 0))
  expect(values.memoryCurrent).toBeNaN()
  expect(values.pids).toBe(1)
})

test('hybrid: a place in a v1 tree that comes later is found', () => {
  const { host, target } = hybridHost()
  using _ = host
  host.process(7, { groups: { '': '/web' } })
  using sampler = createSampler(host.layout())
  sampler.sync([entry(target)])
  expect(valuesOf(after(sampler, 0)).memoryCurrent).toBeNaN()
  const elsewhere = Object.fromEntries(HYBRID.map((tree) => [tree, '/docker/0123']))
  host.process(7, { groups: { ...elsewhere, '': '/web' } })
  expect(valuesOf(after(sampler, 1000)).memoryCurrent).toBe(4096)
})

test('hybrid: block I/O that the kernel does not count yet is a gap and not zero', () => {
  const { host, target } = hybridHost()
  using _ = host
  host.files('blkio', '/', { 'blkio.throttle.io_service_bytes_recursive': 'Total 0\n' })
  using sampler = createSampler(host.layout())
  sampler.sync([entry(target)])
  after(sampler, 0)
  expect(valuesOf(after(sampler, 1000)).ioReadBytes).toBeNaN()
  host.files('blkio', '/', v1Files.blkio?.(9) ?? {})
  for (let i = 0; i < 10; i++) after(sampler, 1000)
  expect(valuesOf(after(sampler, 1000)).ioReadBytes).toBe(0)
})

test('hybrid: a container that its runtime froze through v1 is shown frozen', () => {
  const { host, target } = hybridHost()
  using _ = host
  using sampler = createSampler(host.layout())
  sampler.sync([entry(target)])
  const stateNow = () => CONTAINER_STATES[after(sampler, 1000).states[0] ?? -1]
  expect(stateNow()).toBe('running')
  host.files('freezer', '/docker/0123', { 'freezer.state': 'FREEZING\n' })
  expect(stateNow()).toBe('freezing')
  host.files('freezer', '/docker/0123', { 'freezer.state': 'FROZEN\n' })
  expect(stateNow()).toBe('frozen')
  expect(valuesOf(after(sampler, 1000)).frozen).toBe(1)
})

test('v2: running, freezing, frozen and empty are told apart', () => {
  const { host, sampler } = v2Host()
  using _ = host
  using __ = sampler
  const stateWith = (populated: number, frozen: number, freeze: number) => {
    host.files('unified', '/web', {
      'cgroup.events': `populated ${populated}\nfrozen ${frozen}\n`,
      'cgroup.freeze': `${freeze}\n`,
    })
    return CONTAINER_STATES[after(sampler, 1000).states[0] ?? -1]
  }
  expect(stateWith(1, 0, 0)).toBe('running')
  expect(stateWith(1, 0, 1)).toBe('freezing')
  expect(stateWith(1, 1, 1)).toBe('frozen')
  expect(stateWith(1, 1, 0)).toBe('frozen')
  expect(stateWith(0, 0, 0)).toBe('empty')
})

test('a counter that begins anew is a gap and never a spike', () => {
  const { host, sampler } = v2Host()
  using _ = host
  using __ = sampler
  host.files('unified', '/web', v2Files(5))
  after(sampler, 0)
  host.files('unified', '/web', v2Files(1))
  const values = valuesOf(after(sampler, 1000))
  expect([values.cpuUsage, values.ioReadBytes, values.pressureCpuSome]).toEqual(Array(3).fill(Number.NaN))
  expect(values.memoryCurrent).toBe(4096)
  host.files('unified', '/web', v2Files(2))
  expect(valuesOf(after(sampler, 1000)).cpuUsage).toBeCloseTo(0.5)
})

test('a value that cannot be read is a gap then and in the next rate, and nothing else is lost', () => {
  const { host, sampler } = v2Host()
  using _ = host
  using __ = sampler
  after(sampler, 0)
  host.files('unified', '/web', { ...v2Files(2), 'cpu.stat': '', 'memory.current': 'max\n' })
  const torn = valuesOf(after(sampler, 1000))
  expect([torn.cpuUsage, torn.memoryCurrent, torn.memoryWorkingSet]).toEqual(Array(3).fill(Number.NaN))
  expect(torn.ioReadBytes).toBeCloseTo(1000)
  host.files('unified', '/web', v2Files(3))
  expect(valuesOf(after(sampler, 1000)).cpuUsage).toBeNaN()
  host.files('unified', '/web', v2Files(4))
  expect(valuesOf(after(sampler, 1000)).cpuUsage).toBeCloseTo(0.5)
})

test('pressure and throttling never exceed all of the time', () => {
  const { host, sampler } = v2Host()
  using _ = host
  using __ = sampler
  after(sampler, 0)
  host.files('unified', '/web', v2Files(100))
  const values = valuesOf(after(sampler, 1))
  expect([values.cpuThrottled, values.pressureCpuSome, values.pressureIoFull]).toEqual([1, 1, 1])
})

test('a group under the path of another one begins with a gap', () => {
  const { host, sampler } = v2Host()
  using _ = host
  using __ = sampler
  after(sampler, 0)
  renameSync(host.dir('unified', '/web'), host.dir('unified', '/old'))
  const other = host.group('/web', [8], v2Files(9))
  host.process(8, { groups: '/web' })
  sampler.sync([entry(other)])
  expect(valuesOf(after(sampler, 1000)).cpuUsage).toBeNaN()
})

test('a group whose path was taken before it was first read is gone, and the other’s values are not given out', () => {
  using host = new FakeHost(['unified'], { v2Controllers: 'memory' })
  const target = host.group('/web', [7], v2Files(1))
  renameSync(host.dir('unified', '/web'), host.dir('unified', '/old'))
  host.group('/web', [8], v2Files(9))
  using sampler = createSampler(host.layout())
  sampler.sync([entry(target)])
  const sample = after(sampler, 0)
  expect(CONTAINER_STATES[sample.states[0] ?? -1]).toBe('gone')
  expect(sample.values.every(Number.isNaN)).toBe(true)
})

test('groups that stay go on without a gap when others come and go', () => {
  const { host, target, sampler } = v2Host()
  using _ = host
  using __ = sampler
  after(sampler, 0)
  const other = host.group('/db', [], v2Files(7))
  sampler.sync([entry(other), entry(target)])
  host.files('unified', '/web', v2Files(2))
  const sample = after(sampler, 500)
  expect(sample.count).toBe(2)
  expect(sample.cgroupIds).toEqual([other.cgroupId, target.cgroupId])
  expect(valuesOf(sample, 1).cpuUsage).toBeCloseTo(1)
  expect(valuesOf(sample, 0).cpuUsage).toBeNaN()
})

test('a controller that is enabled later is measured from then on', () => {
  using host = new FakeHost(['unified'], { v2Controllers: 'memory pids' })
  const target = host.group('/web', [7])
  host.process(7, { groups: '/web' })
  using sampler = createSampler(host.layout())
  sampler.sync([entry(target)])
  expect(valuesOf(after(sampler, 0)).memoryCurrent).toBeNaN()
  host.files('unified', '/web', v2Files(1))
  for (let i = 0; i < 2; i++) after(sampler, 1000)
  expect(valuesOf(after(sampler, 1000)).memoryCurrent).toBe(4096)
})

test('with too few descriptors for all groups the values are the same', () => {
  const { host, target } = v2Host()
  using _ = host
  const descriptors = { most: 0, used: 0 }
  using sampler = createSampler(host.layout(), descriptors)
  sampler.sync([entry(target)])
  after(sampler, 0)
  host.files('unified', '/web', v2Files(2))
  host.traffic(7, 20_000, 200)
  expectValues(valuesOf(after(sampler, 500)), { ...EXPECTED, ...PRESSURE })
  expect(descriptors.used).toBe(0)
})

test('descriptors are given back when groups go', () => {
  using host = new FakeHost(['unified'])
  const descriptors = { most: 1000, used: 0 }
  const sampler = createSampler(host.layout(), descriptors)
  sampler.sync([entry(host.group('/a')), entry(host.group('/b'))])
  sampler.sample()
  expect(descriptors.used).toBeGreaterThan(10)
  sampler[Symbol.dispose]()
  expect(descriptors.used).toBe(0)
})

test('a file longer than the buffer is read to its end', () => {
  const { host, sampler } = v2Host()
  using _ = host
  using __ = sampler
  const devices = (n: number) =>
    Array.from({ length: 2000 }, (_, i) => `8:${i} rbytes=${n * 1000} wbytes=0 rios=0 wios=0 dbytes=0 dios=0\n`).join(
      '',
    )
  host.files('unified', '/web', { 'io.stat': devices(1) })
  after(sampler, 0)
  host.files('unified', '/web', { 'io.stat': devices(2) })
  expect(valuesOf(after(sampler, 1000)).ioReadBytes).toBe(2_000_000)
})
