import { randomUUID } from 'node:crypto'
import type { CgroupId } from '@corral/domain'
import type { CommandReply, WardenMessage } from '@corral/protocol'
import { freezeOf, OTHER_BOOT, tempDir, thawOf, until } from '@corral/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFakeKernel } from '../testing/fake-kernel.ts'
import { wardenBench } from '../testing/warden-bench.ts'
import { createDesk, runCommand } from './desk.ts'

const gate = () => {
  let open = (): void => {}
  const closed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { closed, open }
}
const codeOf = (reply: CommandReply) => (reply.ok ? 'ok' : reply.refusal.code)
const line = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`)

test('a freeze is done, holds a lease, and a thaw ends both', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  const bench = wardenBench(kernel, dir.path)
  const frozen = await runCommand(bench, freezeOf({ leaseSec: 60, reason: 'too loud' }))
  expect(frozen).toMatchObject({ ok: true, outcome: { state: 'frozen', evidence: { after: 'frozen 1' } } })
  expect(bench.leases.get('101')?.lease).toMatchObject({ actor: 'ada', reason: 'too loud' })
  expect(await runCommand(bench, thawOf())).toMatchObject({ ok: true, outcome: { state: 'running', leaseId: null } })
  expect(bench.leases.all()).toEqual([])
  bench.keeper[Symbol.dispose]()
})

test('a command is executed at most once, also across a restart of the warden', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  const command = freezeOf()
  expect(codeOf(await runCommand(wardenBench(kernel, dir.path), command))).toBe('ok')
  expect(codeOf(await runCommand(wardenBench(kernel, dir.path), command))).toBe('command-repeated')
  expect(kernel.web.asked).toEqual(['freeze'])
})

test('a thousand replays at the same time execute once', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  const bench = wardenBench(kernel, dir.path)
  const command = thawOf()
  const replies = await Promise.all(Array.from({ length: 1000 }, () => runCommand(bench, command)))
  expect(replies.filter((reply) => reply.ok)).toHaveLength(1)
  expect(kernel.web.asked).toEqual(['thaw'])
})

test('a command that waited for its turn past its deadline is not run', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  const bench = wardenBench(kernel, dir.path)
  const { closed, open } = gate()
  kernel.web.gate = closed
  const first = runCommand(bench, thawOf())
  const second = runCommand(bench, freezeOf({ expiresInMs: 1 }))
  const third = runCommand(bench, freezeOf({ target: { ...freezeOf().target, bootId: OTHER_BOOT } }))
  setTimeout(open, 20)
  expect([await first, await second, await third].map(codeOf)).toEqual(['ok', 'command-expired', 'stale-target'])
  expect(kernel.web.asked).toEqual(['thaw'])
})

test('a path that another group took is stale, and nothing is done to it', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  kernel.web.cgroupId = '102'
  expect(codeOf(await runCommand(wardenBench(kernel, dir.path), freezeOf()))).toBe('stale-target')
  expect(kernel.web.asked).toEqual([])
})

test('what is protected or frozen by others is refused, and no lease is made', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel('hybrid')
  const bench = wardenBench(kernel, dir.path)
  kernel.protectedPaths.set('/made/web', 'holds the database')
  expect(await runCommand(bench, freezeOf())).toMatchObject({
    refusal: { code: 'protected-target', detail: 'holds the database' },
  })
  kernel.protectedPaths.clear()
  kernel.web.foreign = 'v1-freezer'
  expect(codeOf(await runCommand(bench, freezeOf()))).toBe('foreign-freeze')
  kernel.web.foreign = null
  kernel.web.frozen = true
  expect(codeOf(await runCommand(bench, thawOf()))).toBe('foreign-freeze')
  expect(bench.leases.all()).toEqual([])
  expect(kernel.web.asked).toEqual([])
})

test('what is protected is never touched, whatever else is true', async () => {
  for (const [frozen, leased, foreign] of [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => [bits & 1, bits & 2, bits & 4])) {
    using dir = tempDir()
    const kernel = createFakeKernel('hybrid')
    const bench = wardenBench(kernel, dir.path)
    if (leased) await runCommand(bench, freezeOf())
    kernel.web.frozen = Boolean(frozen)
    kernel.web.foreign = foreign ? 'v1-freezer' : null
    kernel.web.asked.length = 0
    kernel.protectedPaths.set('/made/web', 'sshd is in it')
    expect([await runCommand(bench, freezeOf()), await runCommand(bench, thawOf())].map(codeOf)).toEqual([
      'protected-target',
      'protected-target',
    ])
    expect(kernel.web.asked).toEqual([])
  }
})

test('a freeze that cannot complete leaves no lease and names who did not freeze', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  kernel.web.stuck = true
  const bench = wardenBench(kernel, dir.path)
  expect(await runCommand(bench, freezeOf())).toMatchObject({
    refusal: { code: 'freeze-timeout', detail: 'cat (7) waits in fuse_wait' },
  })
  expect(bench.leases.all()).toEqual([])
})

test('a renewal that fails keeps the earlier lease and does not thaw', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  const bench = wardenBench(kernel, dir.path)
  await runCommand(bench, freezeOf({ leaseSec: 600 }))
  const before = bench.leases.get('101')
  kernel.web.stuck = true
  const { open } = kernel
  const half = {
    ...kernel,
    open: (target: Parameters<typeof open>[0]) => ({
      ...open(target),
      readState: () => ({ own: true, effective: false, frozenAncestor: null, foreign: null }),
    }),
  }
  expect(codeOf(await runCommand({ ...bench, kernel: half }, freezeOf({ leaseSec: 5 })))).toBe('freeze-timeout')
  expect(bench.leases.get('101')).toEqual(before)
  expect(kernel.web.frozen).toBe(true)
  expect(kernel.web.asked).toEqual(['freeze'])
  expect(await runCommand(bench, freezeOf({ leaseSec: 5 }))).toMatchObject({ ok: true, outcome: { state: 'frozen' } })
  expect(bench.leases.get('101')?.lease.leaseId).not.toBe(before?.lease.leaseId)
  expect(kernel.web.asked).toEqual(['freeze'])
  bench.keeper[Symbol.dispose]()
})

test('a freeze that waits while the warden begins to stop is not run: nothing stays frozen', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  const bench = wardenBench(kernel, dir.path)
  const { closed, open } = gate()
  kernel.web.gate = closed
  const replies = [runCommand(bench, freezeOf()), runCommand(bench, freezeOf()), runCommand(bench, freezeOf())]
  await until('the first freeze is under way', () => kernel.web.asked.length === 1)
  bench.stop.abort()
  const left = bench.keeper.giveBackAll()
  open()
  expect((await Promise.all(replies)).map(codeOf)).not.toContain('ok')
  expect(await left).toBe(0)
  expect(kernel.web.frozen).toBe(false)
  expect(bench.leases.all()).toEqual([])
  expect(codeOf(await runCommand(bench, freezeOf()))).toBe('host-offline')
})

test('questions for facts are all answered, one after the other, also when many come at once', async () => {
  using dir = tempDir()
  const sent: WardenMessage[] = []
  let atOnce = 0
  let most = 0
  const { closed, open } = gate()
  const facts = {
    describe: async () => {
      atOnce += 1
      most = Math.max(most, atOnce)
      await closed
      atOnce -= 1
      return []
    },
  }
  const desk = createDesk({ ...wardenBench(createFakeKernel(), dir.path), facts }, (message) => sent.push(message))
  const ids = Array.from({ length: 10 }, () => randomUUID())
  for (const requestId of ids) desk(line({ kind: 'describe', requestId, groups: [] }))
  open()
  await until('all are answered', () => sent.length === ids.length)
  expect(new Set(sent.map((message) => (message.kind === 'facts' ? message.requestId : '')))).toEqual(new Set(ids))
  expect(most).toBe(1)
})

test('whatever bytes come in, the warden neither throws nor acts', async () => {
  using dir = tempDir()
  const kernel = createFakeKernel()
  const bench = wardenBench(kernel, dir.path)
  const desk = createDesk(bench, () => {})
  const badCommand = fc.record({
    kind: fc.constantFrom('command', 'describe', 'leases', 'toString'),
    requestId: fc.oneof(fc.uuid(), fc.string()),
    command: fc.object(),
    groups: fc.anything(),
  })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        badCommand.map(line),
        fc.string().map((text) => line(text)),
      ),
      (bytes) => {
        desk(bytes)
      },
    ),
  )
  const target = { ...freezeOf().target, cgroupId: '101' as CgroupId, extra: 1 }
  desk(line({ kind: 'command', requestId: randomUUID(), command: { ...freezeOf(), target } }))
  await bench.queue.idle()
  expect(kernel.web.asked).toEqual([])
})
