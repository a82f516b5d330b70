import type { GroupPath } from '@corral/domain'
import { expect, test } from 'vitest'
import { selectContainers } from './select.ts'

const ID = 'aa'.repeat(32)
const NESTED = 'bb'.repeat(32)
const group = (path: string, ownProcesses = false) => ({ path: path as GroupPath, ownProcesses })
const selected = (...groups: ReturnType<typeof group>[]) =>
  selectContainers(groups).map(({ entry, runtime }) => `${runtime} ${entry.path}`)

test('the root and slices are never containers, whatever they hold', () => {
  expect(selected(group('/', true), group('/system.slice', true))).toEqual([])
})

test('groups inside a container belong to it', () => {
  expect(selected(group(`/docker/${ID}`), group(`/docker/${ID}/app`, true))).toEqual([`docker /docker/${ID}`])
})

test('a container in a container counts by itself', () => {
  expect(selected(group(`/docker/${ID}`, true), group(`/docker/${ID}/docker/${NESTED}`, true))).toHaveLength(2)
})

test('the units of a systemd inside a container are not listed', () => {
  const inside = group(`/machine.slice/libpod-${ID}.scope/system.slice/nginx.service`, true)
  expect(selected(group(`/machine.slice/libpod-${ID}.scope`), inside)).toHaveLength(1)
})

test('what a user manager runs is listed, the manager is not', () => {
  const manager = '/user.slice/user-1000.slice/user@1000.service'
  expect(
    selected(group(manager), group(`${manager}/init.scope`, true), group(`${manager}/app.slice/a.service`)),
  ).toEqual([`systemd ${manager}/init.scope`, `systemd ${manager}/app.slice/a.service`])
})

test('a container that a service made below itself is listed beside the service', () => {
  const service = '/system.slice/builder.service'
  expect(selected(group(service), group(`${service}/worker`, true), group(`${service}/docker/${ID}`, true))).toEqual([
    `systemd ${service}`,
    `docker ${service}/docker/${ID}`,
  ])
})

test('a group that nobody recognises is a container as soon as it holds processes', () => {
  expect(selected(group('/made-by-hand'), group('/made-by-hand/a', true), group('/made-by-hand/b'))).toEqual([
    'plain /made-by-hand/a',
  ])
})

test('a group whose name only begins like a container is not inside it', () => {
  expect(selected(group('/lxc/web'), group('/lxc/web2', false), group('/lxc/webX/app', true))).toContain(
    'plain /lxc/webX/app',
  )
})
