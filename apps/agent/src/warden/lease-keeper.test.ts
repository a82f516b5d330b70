import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CgroupId, GroupPath } from '@corral/domain'
import { BOOT, freezeOf, OTHER_BOOT, tempDir, until } from '@corral/testing'
import { expect, test } from 'vitest'
import { sinceBootMs } from '../shared/clock.ts'
import { createFakeKernel } from '../testing/fake-kernel.ts'
import { wardenBench } from '../testing/warden-bench.ts'
import { runCommand } from './desk.ts'
import { dueLeases, type HeldLease, openLeaseStore } from './lease-store.ts'

const held = (untilBootMs: number | null, given: Partial<HeldLease> = {}): HeldLease => ({
  bootId: BOOT,
  path: '/made/web' as GroupPath,
  untilBootMs,
  lease: {
    leaseId: '3e1b7b5e-5b0e-4a94-9b16-0d3bb3c1f0aa',
    cgroupId: '101' as CgroupId,
    actor: 'ada',
    reason: null,
    sinceSec: 1,
    untilSec: null,
  },
  ...given,
})

test('a lease that ended while no warden ran is given back at once by the next one', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  kernel.web.frozen = true
  wardenBench(kernel, dir.path).leases.put(held(sinceBootMs() - 1000))
  const next = wardenBench(kernel, dir.path)
  next.keeper.wake()
  await until('thawed', () => !kernel.web.frozen)
  await until('forgotten', () => next.leases.all().length === 0)
  expect(readdirSync(join(dir.path, 'leases'))).toEqual([])
})

test('a lease ends at its time and not before', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  const bench = wardenBench(kernel, dir.path)
  const beganMs = sinceBootMs()
  await runCommand(bench, freezeOf({ leaseSec: 1 }))
  await until('thawed', () => !kernel.web.frozen)
  expect(sinceBootMs() - beganMs).toBeGreaterThanOrEqual(1000)
  expect(sinceBootMs() - beganMs).toBeLessThan(1250)
})

test('a freeze without an end stays, over a restart too, until everything is given back', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  await runCommand(wardenBench(kernel, dir.path), freezeOf())
  const next = wardenBench(kernel, dir.path)
  next.keeper.wake()
  await next.queue.idle()
  expect(kernel.web.frozen).toBe(true)
  expect(await next.keeper.giveBackAll()).toBe(0)
  expect(kernel.web.frozen).toBe(false)
})

test('a group that took the path of a leased one is left alone', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  const bench = wardenBench(kernel, dir.path)
  bench.leases.put(held(null))
  kernel.web.cgroupId = '102'
  kernel.web.frozen = true
  expect(await bench.keeper.giveBackAll()).toBe(0)
  expect(kernel.web.frozen).toBe(true)
  expect(bench.leases.all()).toEqual([])
})

test('a group that someone thawed meanwhile is not touched', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  const bench = wardenBench(kernel, dir.path)
  bench.leases.put(held(null))
  expect(await bench.keeper.giveBackAll()).toBe(0)
  expect(kernel.web.asked).toEqual([])
})

test('what could not be thawed stays held, is counted, and is tried again', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  kernel.web.frozen = true
  kernel.web.thawFails = true
  const bench = wardenBench(kernel, dir.path)
  bench.leases.put(held(0))
  expect(await bench.keeper.giveBackAll()).toBe(1)
  expect(bench.leases.all()).toHaveLength(1)
  bench.keeper.wake()
  await bench.queue.idle()
  kernel.web.thawFails = false
  await until('tried again', () => !kernel.web.frozen)
})

test('leases of another boot and files that cannot be read are removed, and the latter are told', () => {
  using dir = tempDir()
  const store = openLeaseStore(dir.path, BOOT, () => {})
  store.put(held(5))
  store.put({ ...held(5), bootId: OTHER_BOOT, lease: { ...held(5).lease, cgroupId: '102' as CgroupId } })
  writeFileSync(join(dir.path, '103.json'), '{"half":')
  writeFileSync(join(dir.path, '104.json.next'), 'left by a crash')
  const told: string[] = []
  const again = openLeaseStore(dir.path, BOOT, (what) => told.push(what))
  expect(again.all()).toEqual([held(5)])
  expect(told).toHaveLength(1)
  expect(readdirSync(dir.path)).toEqual(['101.json'])
})

test('the next end is the nearest one, and leases without an end have none', () => {
  const leases = [held(null), held(900), held(1500), held(1200)]
  expect(dueLeases(leases, 1000)).toEqual({ due: [held(900)], nextInMs: 200 })
  expect(dueLeases([held(null)], 1000)).toEqual({ due: [], nextInMs: null })
})
