import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { CorralError } from '@corral/domain'
import { createRecordingSyscalls } from '@corral/linux/testing'
import { expect, test } from 'vitest'
import { readFile, writeFile } from './handle.ts'
import { listProcesses, openGroup } from './index.ts'
import { FakeHost } from './testing/fake-host.ts'

const EPERM = 1
const ENODEV = 19

const codeOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (error instanceof CorralError) return error.code
    throw error
  }
  return 'none'
}

test('a path that another group has taken is refused, and so is one that is gone', () => {
  using host = new FakeHost(['unified'])
  const target = host.group('/web', [7])
  const layout = host.layout()
  renameSync(host.dir('unified', '/web'), host.dir('unified', '/old'))
  expect(codeOf(() => openGroup(layout, target))).toBe('stale-target')
  host.group('/web', [8])
  expect(codeOf(() => openGroup(layout, target))).toBe('stale-target')
  using moved = openGroup(layout, { ...target, path: host.target('unified', '/old').path })
  expect(listProcesses(moved)).toEqual([7])
})

test('an open group stays the group it was when its path is given to another', () => {
  using host = new FakeHost(['unified'])
  const layout = host.layout()
  using handle = openGroup(layout, host.group('/web', [7]))
  renameSync(host.dir('unified', '/web'), host.dir('unified', '/old'))
  host.group('/web', [8])
  writeFile(handle, 'cgroup.freeze', '1')
  using taken = openGroup(layout, host.target('unified', '/web'))
  expect(readFile(handle, 'cgroup.freeze')).toBe('1')
  expect(readFile(taken, 'cgroup.freeze')).toBe('0')
  expect(listProcesses(handle)).toEqual([7])
})

test('a path that leads out of the tree is refused before anything is opened', () => {
  using host = new FakeHost(['unified'])
  const syscalls = createRecordingSyscalls()
  const target = { ...host.group('/web'), path: '/../proc' as never }
  expect(codeOf(() => openGroup(host.layout(), target, syscalls))).toBe('bad-input')
  expect(syscalls.calls).toEqual([])
})

test('processes are those of the group and of all below it, each once', () => {
  using host = new FakeHost(['unified'])
  const target = host.group('/web', [7, 8])
  host.group('/web/a', [9])
  host.group('/web/a/b', [10, 7])
  using handle = openGroup(host.layout(), target)
  expect(listProcesses(handle).sort((a, b) => a - b)).toEqual([7, 8, 9, 10])
})

test('what the kernel refuses is told with file, value and errno', () => {
  using host = new FakeHost(['unified'])
  const target = host.group('/web')
  const syscalls = createRecordingSyscalls()
  using handle = openGroup(host.layout(), target, syscalls)
  syscalls.failOpen('cgroup.freeze', EPERM)
  expect(() => writeFile(handle, 'cgroup.freeze', '1')).toThrow(/writing "1" to cgroup.freeze of \/web: EPERM/)
  syscalls.failOpen('cgroup.freeze', EPERM)
  expect(codeOf(() => writeFile(handle, 'cgroup.freeze', '1'))).toBe('kernel-refused')
})

test('a file of a group that has ended is a stale target, whichever way the kernel says so', () => {
  using host = new FakeHost(['unified'])
  const target = host.group('/web')
  const syscalls = createRecordingSyscalls()
  using handle = openGroup(host.layout(), target, syscalls)
  syscalls.failOpen('cgroup.freeze', ENODEV)
  expect(codeOf(() => readFile(handle, 'cgroup.freeze'))).toBe('stale-target')
  // A removed directory answers ENOENT for every name.
  renameSync(join(host.dir('unified', '/web'), 'cgroup.procs'), join(host.root, 'procs'))
  renameSync(join(host.dir('unified', '/web'), 'cgroup.freeze'), join(host.root, 'freeze'))
  expect(codeOf(() => readFile(handle, 'cgroup.freeze'))).toBe('stale-target')
})
