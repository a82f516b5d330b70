import { readFileSync, rmdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSampler, freezeGroup, openGroup, type Sample, thawGroup } from '@corral/cgroups'
import { CONTAINER_STATES, METRIC_COUNT, METRIC_INDEX, type MetricKey } from '@corral/domain'
import { expect, test } from 'vitest'
import { Testbed, until, withoutV2 } from './testbed.ts'

const value = (sample: Sample, key: MetricKey, place = 0): number =>
  sample.values[place * METRIC_COUNT + METRIC_INDEX[key]] ?? Number.NaN

const state = (sample: Sample, place = 0) => CONTAINER_STATES[sample.states[place] ?? -1]

/** Milliseconds the process has been on a CPU. */
const ranMs = (pid: number): number => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6

const BUSY = 'while :; do :; done'

/** The busy loop's cores by the sampler and by the scheduler's own account of that process, over about a second. */
const measureBusyLoop = async (bed: Testbed, layout = bed.layout): Promise<{ sampled: number; given: number }> => {
  bed.make('busy')
  const pid = await bed.run('busy', BUSY)
  using sampler = createSampler(layout)
  sampler.sync([{ ...bed.entry('busy'), ...bed.target('busy', layout.primary) }])
  const first = sampler.sample()
  expect(value(first, 'cpuUsage')).toBeNaN()
  const [ran, began] = [ranMs(pid), performance.now()]
  await sleep(1000)
  const sample = sampler.sample()
  return { sampled: value(sample, 'cpuUsage'), given: (ranMs(pid) - ran) / (performance.now() - began) }
}

test('a busy loop is measured as the share of a core that the scheduler gave it', async () => {
  await using bed = new Testbed()
  const { sampled, given } = await measureBusyLoop(bed)
  expect(given).toBeGreaterThan(0.1)
  expect(Math.abs(sampled - given)).toBeLessThan(0.05)
})

test('v1: a busy loop is measured as the share of a core that the scheduler gave it', async ({ skip }) => {
  await using bed = new Testbed()
  const layout = withoutV2(bed.layout)
  if (!layout) return skip('this kernel has no v1 trees')
  const { sampled, given } = await measureBusyLoop(bed, layout)
  expect(Math.abs(sampled - given)).toBeLessThan(0.05)
})

test('every metric that this host says it has is measured', async () => {
  await using bed = new Testbed()
  bed.make('web')
  await bed.run('web', BUSY)
  using sampler = createSampler(bed.layout)
  sampler.sync([bed.entry('web')])
  sampler.sample()
  await sleep(50)
  const sample = sampler.sample()
  const { byController, pressure, missing } = bed.layout
  const has = (...names: string[]) => names.some((name) => byController.has(name))
  const wanted: MetricKey[] = ['cpuUsage', 'cpuSystem', 'frozen']
  if (has('memory')) wanted.push('memoryCurrent', 'memoryWorkingSet', 'memoryAnon', 'memoryFile', 'majorFaults')
  if (has('pids')) wanted.push('pids')
  if (has('io', 'blkio') && !missing.some(({ what }) => what === 'block I/O')) wanted.push('ioReadBytes', 'ioWriteOps')
  if (pressure === 'available') wanted.push('pressureCpuSome', 'pressureMemoryFull', 'pressureIoSome', 'pressureIoFull')
  // In a subtree of ours cgroup2 offers only what the groups above pass on.
  if (bed.layout.kind === 'v2') wanted.splice(0, wanted.length, 'cpuUsage', 'cpuSystem', 'frozen')
  for (const key of wanted) expect(value(sample, key), key).not.toBeNaN()
})

test('frozen, running and empty groups are told apart', async () => {
  await using bed = new Testbed()
  const target = bed.make('web')
  bed.make('idle')
  await bed.run('web', BUSY)
  using sampler = createSampler(bed.layout)
  sampler.sync([bed.entry('web'), { ...bed.entry('idle'), populated: false }])
  expect(state(sampler.sample())).toBe('running')
  using handle = openGroup(bed.layout, target)
  await freezeGroup(handle, { deadlineMs: 5000 })
  const frozen = sampler.sample()
  expect([state(frozen, 0), state(frozen, 1)]).toEqual(['frozen', 'empty'])
  expect(value(frozen, 'frozen')).toBe(1)
  await thawGroup(handle, { deadlineMs: 5000 })
  expect(state(sampler.sample())).toBe('running')
})

test('a group that is removed between two samples is gone, with a gap for every metric', async () => {
  await using bed = new Testbed()
  bed.make('web')
  bed.make('other')
  using sampler = createSampler(bed.layout)
  sampler.sync([bed.entry('web'), bed.entry('other')])
  sampler.sample()
  for (const tree of bed.trees) rmdirSync(bed.dir('web', tree))
  bed.make('web')
  for (let i = 0; i < 3; i++) {
    const sample = sampler.sample()
    expect(state(sample)).toBe('gone')
    expect(sample.values.subarray(0, METRIC_COUNT).every(Number.isNaN)).toBe(true)
    expect(value(sample, 'cpuUsage', 1)).not.toBeNaN()
  }
})

test('traffic is measured in a network namespace of its own and never in the host’s', async () => {
  await using bed = new Testbed()
  bed.make('own')
  bed.make('shared')
  await bed.run('own', 'exec unshare --net sleep 1000')
  await bed.run('shared', 'exec sleep 1000')
  using sampler = createSampler(bed.layout)
  sampler.sync([bed.entry('own'), bed.entry('shared')])
  await until('the namespace is seen', () => !Number.isNaN(value(sampler.sample(), 'networkReceiveBytes', 0)))
  const sample = sampler.sample()
  expect(value(sample, 'networkReceiveBytes', 0)).toBe(0)
  expect(value(sample, 'networkReceiveBytes', 1)).toBeNaN()
})
