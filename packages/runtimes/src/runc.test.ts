import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cgroupMounts, groupOfState, readRuncState } from './runc.ts'

const HYBRID = `
24 18 0:22 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
25 18 0:23 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
26 18 0:24 / /sys/fs/cgroup/unified rw,relatime shared:4 - cgroup2 cgroup2 rw
27 18 0:25 / /sys/fs/cgroup rw - tmpfs tmpfs rw
`
const mounts = cgroupMounts(HYBRID)

test('only control group mounts are taken from mountinfo', () => {
  expect(mounts).not.toContain('/sys/fs/cgroup')
  expect(mounts).toHaveLength(3)
})

test('the group is named by its place in cgroup2, or in name=systemd where there is none', () => {
  const cgroup_paths = { '': '/sys/fs/cgroup/unified/a/one', 'name=systemd': '/sys/fs/cgroup/systemd/b/one' }
  expect(groupOfState(JSON.stringify({ cgroup_paths }), mounts)).toBe('/a/one')
  expect(groupOfState(JSON.stringify({ cgroup_paths: { 'name=systemd': '/sys/fs/cgroup/systemd/b' } }), mounts)).toBe(
    '/b',
  )
})

test.each(['', 'null', '{}', '{"cgroup_paths":[]}', '{"cgroup_paths":{"":7}}', '{"cgroup_paths":{"":"/etc/passwd"}}'])(
  'a state that says %j names no group',
  (text) => {
    expect(groupOfState(text, mounts)).toBeNull()
  },
)

test('one container with a state that cannot be read does not hide the others', () => {
  const root = mkdtempSync(join(tmpdir(), 'corral-runc-'))
  const stateDir = join(root, 'state')
  mkdirSync(join(root, 'proc/self'), { recursive: true })
  writeFileSync(join(root, 'proc/self/mountinfo'), HYBRID)
  mkdirSync(join(stateDir, 'broken/state.json'), { recursive: true })
  mkdirSync(join(stateDir, 'good'))
  const cgroup_paths = { '': '/sys/fs/cgroup/unified/good' }
  writeFileSync(join(stateDir, 'good/state.json'), JSON.stringify({ cgroup_paths }))
  expect(readRuncState({ stateDir, procRoot: join(root, 'proc') })).toEqual([{ id: 'good', path: '/good' }])
  rmSync(root, { recursive: true })
})

test('a host without runc has no such containers', () => {
  expect(readRuncState({ stateDir: '/nowhere/at/all' })).toEqual([])
})
