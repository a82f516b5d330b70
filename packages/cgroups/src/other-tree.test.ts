import type { GroupPath } from '@corral/domain'
import { expect, test } from 'vitest'
import { groupOfProcess } from './index.ts'
import { createTreeFinder } from './other-tree.ts'
import { FakeHost, HYBRID } from './testing/fake-host.ts'

const find = (host: FakeHost, path: string, tree: string) => {
  const layout = host.layout()
  const hierarchy = layout.byController.get(tree)
  if (!hierarchy) throw new Error(`no ${tree}`)
  return createTreeFinder(layout, path as GroupPath, Buffer.from(host.dir('unified', path)))(hierarchy)
}

test('a group is where its member says it is, when it has that place for itself', () => {
  using host = new FakeHost(HYBRID)
  host.group('/machine/web', [7, 8])
  for (const pid of [7, 8]) host.process(pid, { groups: { '': '/machine/web', memory: '/docker/0123' } })
  host.v1('memory', '/docker/0123', [7, 8])
  expect(find(host, '/machine/web', 'memory')).toEqual({ path: '/docker/0123', vouched: true })
})

test('processes that stayed in the root of a tree do not make the whole host theirs', () => {
  using host = new FakeHost(HYBRID)
  host.group('/web', [7])
  host.process(7, { groups: { '': '/web' } })
  host.files('memory', '/', { 'cgroup.procs': '1\n7\n' })
  expect(find(host, '/web', 'memory')).toBeNull()
})

test('a place shared with strangers is nobody’s own', () => {
  using host = new FakeHost(HYBRID)
  host.group('/web', [7])
  host.group('/db', [8])
  for (const [pid, own] of [
    [7, '/web'],
    [8, '/db'],
  ] as const)
    host.process(pid, { groups: { '': own, memory: '/session' } })
  host.v1('memory', '/session', [7, 8])
  expect(find(host, '/web', 'memory')).toBeNull()
})

test('of a container’s nested groups in another tree, the one that holds all of it is taken', () => {
  using host = new FakeHost(HYBRID)
  host.group('/pod', [7])
  host.group('/pod/inner', [8])
  host.process(7, { groups: { '': '/pod', memory: '/k8s/pod/a' } })
  host.process(8, { groups: { '': '/pod/inner', memory: '/k8s/pod/b' } })
  host.v1('memory', '/k8s')
  host.v1('memory', '/k8s/pod')
  host.v1('memory', '/k8s/pod/a', [7])
  host.v1('memory', '/k8s/pod/b', [8])
  expect(find(host, '/pod', 'memory')).toEqual({ path: '/k8s/pod', vouched: true })
})

test('without a member, the same path is taken but not relied on', () => {
  using host = new FakeHost(HYBRID)
  host.group('/web')
  expect(find(host, '/web', 'memory')).toBeNull()
  host.v1('memory', '/web')
  expect(find(host, '/web', 'memory')).toEqual({ path: '/web', vouched: false })
})

test('a member below the same path vouches for it', () => {
  using host = new FakeHost(HYBRID)
  host.group('/web')
  host.group('/web/app', [7])
  host.process(7, { groups: '/web/app' })
  host.v1('pids', '/web')
  host.v1('pids', '/web/app', [7])
  expect(find(host, '/web', 'pids')).toEqual({ path: '/web', vouched: true })
})

test('the group of a process is that of the walked tree; none for one that ended or is out of sight', () => {
  using host = new FakeHost(HYBRID)
  host.process(7, { groups: { '': '/web', memory: '/docker/0123' } })
  host.process(8, { groups: '/../outside' })
  const layout = host.layout()
  expect(groupOfProcess(layout, 7)).toBe('/web')
  expect(groupOfProcess(layout, 8)).toBeNull()
  expect(groupOfProcess(layout, 99)).toBeNull()
})
