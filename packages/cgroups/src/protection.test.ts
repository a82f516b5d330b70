import type { GroupPath } from '@corral/domain'
import { expect, test } from 'vitest'
import { computeProtection } from './index.ts'
import { FakeHost } from './testing/fake-host.ts'

const OWN = 500

/** A host with systemd, sshd, a login shell that started Corral, Docker, and one container. */
const typicalHost = (): FakeHost => {
  const host = new FakeHost(['unified'])
  const put = (pid: number, path: string, rest: object = {}) => {
    host.group(path, [pid])
    host.process(pid, { groups: path, ...rest })
  }
  for (const path of ['/system.slice', '/user.slice', '/user.slice/user-0.slice']) host.group(path)
  put(1, '/init.scope', { comm: 'systemd', parent: 0 })
  put(300, '/system.slice/ssh.service', { comm: 'sshd' })
  put(310, '/system.slice/docker.service', { comm: 'dockerd' })
  put(400, '/user.slice/user-0.slice/session-1.scope', { comm: 'bash', parent: 300 })
  put(OWN, '/system.slice/corral.service', { comm: 'corral-warden', parent: 400 })
  put(600, '/system.slice/docker-0123.scope', { comm: 'nginx', pidNamespaceDepth: 1 })
  return host
}

const reasons = (host: FakeHost) => {
  const protection = computeProtection(host.layout(), [OWN])
  return (path: string) => protection(path as GroupPath)
}

test('a container may be acted on; what holds the host together may not', () => {
  using host = typicalHost()
  const reason = reasons(host)
  expect(reason('/system.slice/docker-0123.scope')).toBeNull()
  expect(reason('/')).toMatch(/root/)
  expect(reason('/init.scope')).toMatch(/init/)
  expect(reason('/system.slice/corral.service')).toMatch(/Corral itself/)
  expect(reason('/system.slice/ssh.service')).toMatch(/session|sshd/)
  expect(reason('/system.slice/docker.service')).toMatch(/dockerd \(process 310\)/)
})

test('every ancestor of what is protected is protected', () => {
  using host = typicalHost()
  const reason = reasons(host)
  expect(reason('/system.slice')).not.toBeNull()
  expect(reason('/user.slice')).toMatch(/session/)
  expect(reason('/user.slice/user-0.slice/session-1.scope')).toMatch(/session/)
})

test('a process cannot protect itself by taking the name of a daemon', () => {
  using host = typicalHost()
  host.group('/inner', [700])
  host.process(700, { groups: '/inner', comm: 'sshd', pidNamespaceDepth: 1 })
  host.group('/plain', [701])
  host.process(701, { groups: '/plain', comm: 'dockerd', uid: 1000 })
  const reason = reasons(host)
  expect(reason('/inner')).toBeNull()
  expect(reason('/plain')).toBeNull()
})

test('a group is not protected because its name begins like one that is', () => {
  using host = typicalHost()
  host.group('/system.slice/corral.service2')
  expect(reasons(host)('/system.slice/corral.service2')).toBeNull()
})

test('processes that have ended protect nothing and do no harm', () => {
  using host = typicalHost()
  host.endProcess(OWN)
  host.endProcess(310)
  expect(reasons(host)('/system.slice/docker.service')).toBeNull()
})
