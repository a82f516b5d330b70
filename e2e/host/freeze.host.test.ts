import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freezeGroup, listProcesses, openGroup, readFreezeState, thawGroup } from '@corral/cgroups'
import { CorralError, type GroupPath } from '@corral/domain'
import { expect, test } from 'vitest'
import { Testbed, withoutV2 } from './testbed.ts'

const SOON = { deadlineMs: 5000 }
const BUSY = 'while :; do :; done'

/** Time on a CPU so far, in nanoseconds. */
const ranNs = (pid: number): number => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0])

/** Freezes a fork storm `times` times and looks for any sign of life while it is frozen. */
const weatherStorm = async (bed: Testbed, layout: Testbed['layout'], times: number): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'corral-host-'))
  const progress = join(folder, 'progress')
  writeFileSync(progress, '')
  try {
    for (let i = 0; i < 4; i++) await bed.run('storm', `while :; do (:); echo >> ${progress}; done`)
    const target = bed.target('storm', layout.primary)
    let seen = -1
    for (let i = 0; i < times; i++) {
      await expect.poll(() => statSync(progress).size, { interval: 1 }).toBeGreaterThan(seen)
      using handle = openGroup(layout, target)
      const outcome = await freezeGroup(handle, SOON)
      seen = statSync(progress).size
      const pids = listProcesses(handle)
      await sleep(3)
      expect(listProcesses(handle)).toEqual(pids)
      expect(statSync(progress).size).toBe(seen)
      expect(outcome.processes).toBeGreaterThanOrEqual(4)
      await thawGroup(handle, SOON)
    }
  } finally {
    // The storm goes first: it would make the file again.
    await bed[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
}

test('a frozen group stands still and a thawed one goes on; the kernel says both', async () => {
  await using bed = new Testbed()
  const target = bed.make('web')
  const pid = await bed.run('web', BUSY)
  using handle = openGroup(bed.layout, target)
  const frozen = await freezeGroup(handle, SOON)
  expect(frozen.processes).toBe(1)
  expect(readFreezeState(handle)).toMatchObject({ own: true, effective: true, foreign: null })
  if (bed.layout.primary.version === 2) expect(bed.read('web', 'cgroup.events')).toContain('frozen 1')
  // What the kernel counts as frozen may still be on its last steps out of the CPU.
  await sleep(20)
  const ran = ranNs(pid)
  await sleep(100)
  expect(ranNs(pid)).toBe(ran)
  const thawed = await thawGroup(handle, SOON)
  expect(thawed.evidence.before).toBe(frozen.evidence.after)
  expect(thawed.evidence.after).toBe(frozen.evidence.before)
  await expect.poll(() => ranNs(pid)).toBeGreaterThan(ran)
  expect(readFreezeState(handle)).toMatchObject({ own: false, effective: false })
})

test('freezing what is frozen, and thawing what runs, changes nothing and succeeds', async () => {
  await using bed = new Testbed()
  const target = bed.make('web')
  await bed.run('web', BUSY)
  using handle = openGroup(bed.layout, target)
  await thawGroup(handle, SOON)
  await freezeGroup(handle, SOON)
  await freezeGroup(handle, SOON)
  expect(readFreezeState(handle).effective).toBe(true)
  await thawGroup(handle, SOON)
  expect(readFreezeState(handle).effective).toBe(false)
})

test('a fork storm is frozen 100 times of 100, without progress while it is frozen', async () => {
  await using bed = new Testbed()
  bed.make('storm')
  await weatherStorm(bed, bed.layout, 100)
})

test('v1: a fork storm is frozen 50 times of 50, without progress while it is frozen', async ({ skip }) => {
  await using bed = new Testbed()
  const layout = withoutV2(bed.layout)
  if (!layout) return skip('this kernel has no v1 freezer mounted')
  bed.make('storm')
  await weatherStorm(bed, layout, 50)
})

test('below a frozen group, a thaw gives back the own freeze and says who still holds it', async () => {
  await using bed = new Testbed()
  const above = bed.make('pod')
  const target = bed.make('pod/web')
  await bed.run('pod/web', BUSY)
  using pod = openGroup(bed.layout, above)
  using web = openGroup(bed.layout, target)
  await freezeGroup(web, SOON)
  await freezeGroup(pod, SOON)
  expect(readFreezeState(web)).toMatchObject({ own: true, effective: true, frozenAncestor: above.path })
  await thawGroup(web, SOON)
  expect(readFreezeState(web)).toMatchObject({ own: false, effective: true, frozenAncestor: above.path })
  await thawGroup(pod, SOON)
  expect(readFreezeState(web)).toEqual({ own: false, effective: false, frozenAncestor: null, foreign: null })
})

test('hybrid: a freeze that cannot complete is taken back by its deadline and says what holds it up', async ({
  skip,
}) => {
  await using bed = new Testbed()
  const freezer = bed.layout.byController.get('freezer')
  if (bed.layout.kind !== 'hybrid' || !freezer) return skip('not a hybrid host')
  const target = bed.make('web')
  const pid = await bed.run('web', 'sleep 1000 & wait')
  using handle = openGroup(bed.layout, target)
  expect(readFreezeState(handle).foreign).toBeNull()
  // What v1 froze never reaches the place where cgroup2 would stop it.
  bed.write('web', 'freezer.state', 'FROZEN', freezer)
  await expect.poll(() => bed.read('web', 'freezer.state', freezer)).toBe('FROZEN\n')
  expect(readFreezeState(handle)).toMatchObject({ own: false, foreign: 'v1-freezer' })
  const began = performance.now()
  const error: unknown = await freezeGroup(handle, { deadlineMs: 300 }).catch((reason: unknown) => reason)
  expect(performance.now() - began).toBeLessThan(800)
  expect(error).toBeInstanceOf(CorralError)
  expect(error).toMatchObject({ code: 'freeze-timeout', detail: expect.stringContaining(`${pid} (sh) waits in `) })
  expect(bed.read('web', 'cgroup.freeze')).toBe('0\n')
})

test('the root cannot be frozen, and says so', async () => {
  await using bed = new Testbed()
  const root = { cgroupId: bed.target('..').cgroupId, path: '/' as GroupPath }
  using open = openGroup(bed.layout, root)
  await expect(freezeGroup(open, SOON)).rejects.toMatchObject({ code: 'kernel-refused' })
})
