import { constants, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CorralError, type ErrorCode } from '@corral/domain'
import { createRecordingSyscalls } from '@corral/linux/testing'
import { expect, test } from 'vitest'
import { freezeGroup, type GroupHandle, openGroup, readFreezeState, thawGroup } from './index.ts'
import { FakeHost, HYBRID, LEGACY } from './testing/fake-host.ts'

const FROZEN = 'populated 1\nfrozen 1\n'
const RUNNING = 'populated 1\nfrozen 0\n'
const SOON = { deadlineMs: 30 }

const refusal = async (act: Promise<unknown>): Promise<{ code: ErrorCode; detail: string | null }> => {
  const error: unknown = await act.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof CorralError)) throw new Error(`not refused: ${error}`)
  return { code: error.code, detail: error.detail }
}

const asked = (host: FakeHost, path = '/web'): string =>
  readFileSync(join(host.dir('unified', path), 'cgroup.freeze'), 'utf8').trim()

/** A host with one group `/web` whose kernel answers at the `answerAt`-th poll. */
const v2Host = (answerAt: number, answer = FROZEN) => {
  const host = new FakeHost(['unified'])
  const target = host.group('/web', [7])
  host.process(7, { comm: 'reader', groups: '/web', wchan: 'request_wait_answer' })
  let polls = 0
  const syscalls = createRecordingSyscalls({
    onPoll: () => {
      if (++polls === answerAt) host.files('unified', '/web', { 'cgroup.events': answer })
      return 0
    },
  })
  return { host, syscalls, open: () => openGroup(host.layout(), target, syscalls) }
}

test('a freeze is done when the kernel says so and not before', async () => {
  const { host, syscalls, open } = v2Host(3)
  using _ = host
  using handle = open()
  const outcome = await freezeGroup(handle, { deadlineMs: 2000 })
  expect(syscalls.calls.filter(({ call }) => call === 'poll').length).toBe(3)
  expect(outcome).toMatchObject({
    processes: 1,
    evidence: { file: 'cgroup.events', before: 'frozen 0', after: 'frozen 1' },
  })
  expect(outcome.tookUsec).toBeGreaterThan(1000)
  expect(readFreezeState(handle)).toEqual({ own: true, effective: true, frozenAncestor: null, foreign: null })
})

test('a freeze that does not complete is taken back and names who held it up, and where', async () => {
  const { host, open } = v2Host(Number.POSITIVE_INFINITY)
  using _ = host
  using handle = open()
  const { code, detail } = await refusal(freezeGroup(handle, SOON))
  expect(code).toBe('freeze-timeout')
  expect(detail).toBe('7 (reader) waits in request_wait_answer')
  expect(asked(host)).toBe('0')
})

test('a process that did freeze is not blamed', async () => {
  const { host, open } = v2Host(Number.POSITIVE_INFINITY)
  using _ = host
  host.process(7, { groups: '/web', wchan: 'do_freezer_trap' })
  using handle = open()
  expect((await refusal(freezeGroup(handle, SOON))).detail).toBe('the kernel does not say which process holds it up')
})

test('a group that was frozen before is not thawed by a renewal that fails', async () => {
  const { host, open } = v2Host(Number.POSITIVE_INFINITY)
  using _ = host
  host.files('unified', '/web', { 'cgroup.freeze': '1\n' })
  using handle = open()
  const { code, detail } = await refusal(freezeGroup(handle, SOON))
  expect(code).toBe('freeze-timeout')
  expect(detail).toMatch(/left so/)
  expect(asked(host)).toBe('1')
})

test('a freeze that is called off is taken back', async () => {
  const { host, open } = v2Host(Number.POSITIVE_INFINITY)
  using _ = host
  using handle = open()
  const outcome = refusal(freezeGroup(handle, { deadlineMs: 60_000, signal: AbortSignal.timeout(5) }))
  expect((await outcome).code).toBe('freeze-timeout')
  expect(asked(host)).toBe('0')
})

test('a kernel that stops making sense on the way leaves nothing frozen', async () => {
  const { host, open } = v2Host(1, 'nonsense\n')
  using _ = host
  using handle = open()
  await expect(freezeGroup(handle, { deadlineMs: 2000 })).rejects.toThrow(/frozen NUMBER/)
  expect(asked(host)).toBe('0')
})

test('a thaw is done when the kernel says so, and told when it does not', async () => {
  const { host, open } = v2Host(1, RUNNING)
  using _ = host
  host.files('unified', '/web', { 'cgroup.freeze': '1\n', 'cgroup.events': FROZEN })
  using handle = open()
  expect((await thawGroup(handle, { deadlineMs: 2000 })).evidence.after).toBe('frozen 0')
  host.files('unified', '/web', { 'cgroup.freeze': '1\n', 'cgroup.events': FROZEN })
  expect((await refusal(thawGroup(handle, SOON))).code).toBe('kernel-refused')
  expect(asked(host)).toBe('0')
})

test('below a frozen group, the own freeze is given back and the ancestor is named', async () => {
  using host = new FakeHost(['unified'])
  host.group('/a', [], { 'cgroup.freeze': '1\n', 'cgroup.events': FROZEN })
  host.group('/a/b')
  const target = host.group('/a/b/web', [7], { 'cgroup.freeze': '1\n', 'cgroup.events': FROZEN })
  using handle = openGroup(host.layout(), target, createRecordingSyscalls())
  expect(readFreezeState(handle)).toEqual({ own: true, effective: true, frozenAncestor: '/a', foreign: null })
  expect((await thawGroup(handle, SOON)).evidence.after).toBe('frozen 1')
  expect(asked(host, '/a/b/web')).toBe('0')
  expect(asked(host, '/a')).toBe('1')
})

test('hybrid: what a runtime froze through the v1 freezer is told apart from our own freeze', () => {
  using host = new FakeHost(HYBRID)
  const target = host.group('/web', [7])
  host.process(7, { groups: { '': '/web', freezer: '/docker/0123' } })
  host.v1('freezer', '/docker/0123', [7], { 'freezer.state': 'FROZEN\n' })
  using handle = openGroup(host.layout(), target, createRecordingSyscalls())
  expect(readFreezeState(handle)).toEqual({ own: false, effective: false, frozenAncestor: null, foreign: 'v1-freezer' })
  host.files('freezer', '/docker/0123', { 'freezer.state': 'THAWED\n' })
  expect(readFreezeState(handle).foreign).toBeNull()
})

const v1Files = { 'freezer.state': 'THAWED\n', 'freezer.self_freezing': '0\n', 'freezer.parent_freezing': '0\n' }

/** A legacy host with `/web`, whose freezer says FREEZING at the first `stubborn` reads after a write. */
const v1Host = (stubborn: number) => {
  const host = new FakeHost(LEGACY)
  const target = host.v1('name=systemd', '/web', [7])
  host.v1('freezer', '/web', [7], v1Files)
  host.process(7, { groups: '/web', comm: 'forker', wchan: '0' })
  let left = stubborn
  const say = (state: string): void => host.files('freezer', '/web', { 'freezer.state': state })
  const stateFile = join(host.dir('freezer', '/web'), 'freezer.state')
  const syscalls = createRecordingSyscalls({
    onOpen: (name, flags) => {
      if (name !== 'freezer.state') return
      if ((flags & constants.O_WRONLY) !== 0) say('')
      else if (readFileSync(stateFile, 'utf8') === 'FROZEN' && left-- > 0) say('FREEZING\n')
    },
  })
  const open = (): GroupHandle => openGroup(host.layout(), target, syscalls)
  const state = (): string => readFileSync(stateFile, 'utf8').slice(0, 6)
  return { host, open, state }
}

test('v1: a freezer that stays FREEZING is asked again until it is done', async () => {
  const { host, open, state } = v1Host(20)
  using _ = host
  using handle = open()
  const outcome = await freezeGroup(handle, { deadlineMs: 2000 })
  expect(outcome.evidence).toEqual({ file: 'freezer.state', before: 'THAWED', after: 'FROZEN' })
  expect(state()).toBe('FROZEN')
})

test('v1: a freeze that never completes is taken back and names who held it up', async () => {
  const { host, open, state } = v1Host(Number.POSITIVE_INFINITY)
  using _ = host
  using handle = open()
  const { code, detail } = await refusal(freezeGroup(handle, SOON))
  expect(code).toBe('freeze-timeout')
  expect(detail).toBe('7 (forker) running')
  expect(state()).toBe('THAWED')
})

test('v1: a thaw gives back the own freeze', async () => {
  const { host, open, state } = v1Host(0)
  using _ = host
  using handle = open()
  await freezeGroup(handle, { deadlineMs: 2000 })
  expect((await thawGroup(handle, { deadlineMs: 2000 })).evidence.after).toBe('THAWED')
  expect(state()).toBe('THAWED')
})

test('v1: a freezer group that also holds others is not used', async () => {
  const { host, open, state } = v1Host(0)
  using _ = host
  host.v1('freezer', '/web', [7, 8], v1Files)
  host.process(8, { groups: { 'name=systemd': '/db', freezer: '/web' } })
  using handle = open()
  const { code, detail } = await refusal(freezeGroup(handle, SOON))
  expect(code).toBe('kernel-refused')
  expect(detail).toMatch(/also holds process 8$/)
  expect(state()).toBe('THAWED')
})

test('v1: a process that is just ending is not taken for a stranger', async () => {
  const { host, open } = v1Host(0)
  using _ = host
  host.v1('freezer', '/web', [7, 8], v1Files)
  host.process(8, { groups: '/', exiting: true })
  using handle = open()
  expect((await freezeGroup(handle, { deadlineMs: 2000 })).evidence.after).toBe('FROZEN')
})

test('v1: a group without a freezer group of its own says so', async () => {
  using host = new FakeHost(LEGACY)
  const target = host.v1('name=systemd', '/web', [7])
  host.process(7, { groups: { 'name=systemd': '/web' } })
  using handle = openGroup(host.layout(), target, createRecordingSyscalls())
  expect(readFreezeState(handle)).toEqual({ own: false, effective: false, frozenAncestor: null, foreign: null })
  expect((await refusal(freezeGroup(handle, SOON))).detail).toBe('/web has no freezer group of its own')
})
