import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CorralError } from '@corral/domain'
import { expect, test } from 'vitest'
import { detectLayout } from './index.ts'
import { FakeHost, HYBRID, LEGACY } from './testing/fake-host.ts'

const mountinfoOf = (host: FakeHost): string => join(host.procRoot, 'self/mountinfo')

test('v2: one tree has every controller, and freezes without one', () => {
  using host = new FakeHost(['unified'], { v2Controllers: 'cpuset cpu io memory pids' })
  const layout = host.layout()
  expect(layout.kind).toBe('v2')
  expect(layout.primary).toEqual({
    mount: host.dir('unified', '/'),
    version: 2,
    controllers: ['cpuset', 'cpu', 'io', 'memory', 'pids'],
  })
  expect(layout.byController.get('memory')).toBe(layout.primary)
  expect(layout.byController.has('freezer')).toBe(false)
  expect(layout.pressure).toBe('available')
  expect(layout.missing).toEqual([])
})

test('hybrid: cgroup2 is walked, and each controller is found where it is mounted', () => {
  using host = new FakeHost(HYBRID)
  host.files('blkio', '/', { 'blkio.throttle.io_service_bytes_recursive': '8:0 Read 1\nTotal 1\n' })
  const layout = host.layout()
  expect(layout.kind).toBe('hybrid')
  expect(layout.primary.version).toBe(2)
  expect(layout.byController.get('memory')?.controllers).toEqual(['memory'])
  expect(layout.byController.get('freezer')?.version).toBe(1)
  expect(layout.missing).toEqual([])
})

test('v1: name=systemd is walked, cpu and cpuacct may share a mount, and there is no pressure', () => {
  using host = new FakeHost(LEGACY)
  const layout = host.layout()
  expect(layout.kind).toBe('v1')
  expect(layout.primary.controllers).toEqual(['name=systemd'])
  expect(layout.byController.get('cpu')).toBe(layout.byController.get('cpuacct'))
  expect(layout.pressure).toBe('absent')
  expect(layout.missing.map(({ what }) => what)).toContain('pressure')
})

test('v1 without systemd: the freezer is walked', () => {
  using host = new FakeHost(['memory', 'freezer'])
  const layout = host.layout()
  expect(layout.primary.controllers).toEqual(['freezer'])
  expect(layout.missing.map(({ what }) => what)).toEqual([
    'cpu throttling',
    'block I/O',
    'process counts',
    'cpu time',
    'pressure',
  ])
})

test('a kernel that does not count v1 block I/O yet is told, rather than shown as zero', () => {
  using host = new FakeHost(HYBRID)
  host.files('blkio', '/', { 'blkio.throttle.io_service_bytes_recursive': 'Total 0\n' })
  expect(host.layout().missing).toEqual([{ what: 'block I/O', reason: expect.stringContaining('throttle rule') }])
})

test('a host without any tree is refused with what is missing', () => {
  using host = new FakeHost(['memory'])
  expect(() => host.layout()).toThrow(CorralError)
  expect(() => host.layout()).toThrow(/neither cgroup2, name=systemd nor freezer/)
})

test('a mount that shows only a part of the tree is refused by name', () => {
  using host = new FakeHost([])
  writeFileSync(mountinfoOf(host), '38 31 0:37 /docker/ab /sys/fs/cgroup ro - cgroup2 cgroup rw\n')
  expect(() => host.layout()).toThrow(/\/sys\/fs\/cgroup shows only \/docker\/ab/)
})

test('a second mount of a tree changes nothing, and neither does one that is hidden', () => {
  using host = new FakeHost(['unified'], { v2Controllers: 'memory' })
  const [first = '', second = ''] = readFileSync(mountinfoOf(host), 'utf8').trim().split('\n')
  const copy = host.dir('copy', '/')
  mkdirSync(copy, { recursive: true })
  writeFileSync(join(copy, 'cgroup.procs'), '')
  writeFileSync(join(copy, 'cgroup.controllers'), '')
  const mounted = host.dir('unified', '/')
  const hidden = second.replace(mounted, host.dir('hidden', '/'))
  const again = second.replace(mounted, copy)
  writeFileSync(mountinfoOf(host), `${[first, hidden, second, again].join('\n')}\n`)
  expect(host.layout().primary.mount).toBe(mounted)
})

test('pressure that was turned off at boot is told from pressure that never was', () => {
  using host = new FakeHost(['unified'], { pressure: false })
  expect(host.layout().pressure).toBe('absent')
})

test('a boot id that is none is refused', () => {
  using host = new FakeHost(['unified'])
  writeFileSync(join(host.procRoot, 'sys/kernel/random/boot_id'), 'again\n')
  expect(() => detectLayout({ procRoot: host.procRoot })).toThrow(/boot_id/)
  rmSync(join(host.procRoot, 'self/mountinfo'))
})
