import { escapeBytes, type GroupPath } from '@corral/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classifyGroup } from './classify.ts'

const ID = '4d0a1f6be1c2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c'
const SHORT = ID.slice(0, 12)
const of = (path: string) => {
  const known = classifyGroup(path as GroupPath)
  return known && [known.runtime, known.name, known.id === null ? null : known.id.slice(0, 12)]
}

test.each([
  [`/docker/${ID}`, ['docker', SHORT, SHORT]],
  [`/system.slice/docker-${ID}.scope`, ['docker', SHORT, SHORT]],
  [`/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`, ['docker', SHORT, SHORT]],
  [`/machine.slice/libpod-${ID}.scope`, ['podman', SHORT, SHORT]],
  [`/libpod_parent/libpod-${ID}`, ['podman', SHORT, SHORT]],
  [`/machine.slice/machine-libpod_pod_${ID}.slice/libpod-${ID}.scope`, ['podman', SHORT, SHORT]],
  [`/default/${ID}`, ['containerd', SHORT, SHORT]],
  [`/system.slice/nerdctl-${ID}.scope`, ['containerd', SHORT, SHORT]],
  [`/system.slice/crio-${ID}.scope`, ['crio', SHORT, SHORT]],
  [`/kubepods/burstable/pod6f1c/${ID}`, ['kubernetes', SHORT, SHORT]],
  [`/kubepods.slice/kubepods-pod6f1c.slice/cri-containerd-${ID}.scope`, ['kubernetes', SHORT, SHORT]],
  [`/kubepods.slice/kubepods-pod6f1c.slice/docker-${ID}.scope`, ['kubernetes', SHORT, SHORT]],
  [`/system.slice/kubepods-pod6f1c.slice:cri-containerd:${ID}`, ['containerd', SHORT, SHORT]],
  ['/lxc/web', ['lxc', 'web', null]],
  ['/lxc.payload.web', ['lxc', 'web', null]],
  ['/machine.slice/systemd-nspawn@web.service', ['nspawn', 'web', null]],
  ['/machine.slice/machine-web\\\\x2d1.scope', ['nspawn', 'web-1', null]],
  ['/system.slice/nginx.service', ['systemd', 'nginx.service', null]],
  ['/system.slice/system-getty.slice/getty@tty1.service', ['systemd', 'getty@tty1.service', null]],
  ['/user.slice/user-0.slice/session-3.scope', ['systemd', 'session-3.scope', null]],
  ['/corral-demo-0a1b2c3d/steady-cpu', ['corral', 'steady-cpu', null]],
])('%s is recognised', (path, expected) => {
  expect(of(path)).toEqual(expected)
})

test.each([
  '/',
  '/docker',
  '/system.slice',
  '/corral-demo-0a1b2c3d',
  '/corral-demo-0a1b2c3d/steady-cpu/below',
  '/user.slice/user-1000.slice/user@1000.service',
  `/machine.slice/libpod-conmon-${ID}.scope`,
  '/lxc.monitor.web',
  '/kubepods.slice/kubepods-burstable.slice',
  '/kubepods/burstable/pod6f1c',
  '/docker/not-an-id',
  `/somewhere/${ID}`,
])('%s is no container by itself', (path) => {
  expect(of(path)).toBeNull()
})

test('a virtual machine is not taken for a container of nspawn', () => {
  expect(of('/machine.slice/machine-qemu\\\\x2d1\\\\x2dvm.scope')?.[0]).toBe('systemd')
})

test('no name makes the classifier throw or answer an unescaped name', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constantFrom('docker', 'lxc', '\\x2d', '.scope'))),
      (parts) => {
        const path = parts.map((each) => `/${escapeBytes(Buffer.from(each))}`).join('') as GroupPath
        const known = classifyGroup(path)
        expect(known?.name ?? '').not.toMatch(/[\p{Cc}\p{Cf}]/u)
      },
    ),
  )
})
