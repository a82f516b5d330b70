import { mkdirSync } from 'node:fs'
import type { GroupPath } from '@corral/domain'
import { escapeBytes } from '@corral/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { walkGroups } from './index.ts'
import { checkPath, childPath, groupDir, isSelfOrBelow, parentPath, ROOT } from './paths.ts'
import { FakeHost, LEGACY } from './testing/fake-host.ts'

test('parents come before their children, with ids that are inodes', () => {
  using host = new FakeHost(['unified'])
  host.group('/a/b', [7])
  host.group('/a', [], { 'cgroup.events': 'populated 1\nfrozen 0\n' })
  host.group('/c')
  const { groups, omitted } = walkGroups(host.layout())
  expect(omitted).toBe(0)
  expect(groups.map(({ path }) => path).sort()).toEqual(['/', '/a', '/a/b', '/c'])
  const find = (path: string) => groups.find((group) => group.path === path)
  expect(find('/')).toMatchObject({ parentId: null, depth: 0 })
  expect(find('/a')).toMatchObject({ depth: 1, ownProcesses: false, populated: true, parentId: find('/')?.cgroupId })
  expect(find('/a/b')).toMatchObject({ depth: 2, ownProcesses: true, populated: true, parentId: find('/a')?.cgroupId })
  expect(find('/c')).toMatchObject({ ownProcesses: false, populated: false })
  expect(find('/a/b')?.cgroupId).toBe(host.target('unified', '/a/b').cgroupId)
  expect(Math.abs((find('/c')?.createdSec ?? 0) - Date.now() / 1000)).toBeLessThan(60)
})

test('v1: a group is populated when one below it has processes', () => {
  using host = new FakeHost(LEGACY)
  host.v1('name=systemd', '/a')
  host.v1('name=systemd', '/a/b')
  host.v1('name=systemd', '/a/b/c', [9])
  host.v1('name=systemd', '/d')
  const { groups } = walkGroups(host.layout())
  const populated = groups.filter((group) => group.populated).map(({ path }) => path)
  expect(populated.sort()).toEqual(['/', '/a', '/a/b', '/a/b/c'])
  expect(groups.filter((group) => group.ownProcesses).map(({ path }) => path)).toEqual(['/a/b/c'])
})

test('names that differ only in bytes that are no text are different groups', () => {
  using host = new FakeHost(['unified'])
  const layout = host.layout()
  const names = [Buffer.of(0xff), Buffer.from('\ufffd'), Buffer.from('<b>\u202e\u001b[31m'), Buffer.from('a\\xff')]
  for (const name of names) mkdirSync(Buffer.concat([Buffer.from(`${layout.primary.mount}/`), name]))
  const { groups } = walkGroups(layout)
  const found = groups.filter(({ depth }) => depth === 1)
  expect(found.map(({ path }) => path).sort()).toEqual(names.map((name) => `/${escapeBytes(name)}`).sort())
  expect(new Set(found.map(({ cgroupId }) => cgroupId)).size).toBe(names.length)
})

test('a host with more groups than are looked at says so', () => {
  using host = new FakeHost(['unified'])
  for (let i = 0; i < 20; i++) host.group(`/g${i}`)
  const { groups, omitted } = walkGroups(host.layout(), { maxGroups: 5 })
  expect(groups).toHaveLength(5)
  expect(omitted).toBe(16)
})

const name = fc
  .uint8Array({ minLength: 1, maxLength: 30 })
  .map((bytes) => bytes.map((byte) => ([0, 0x0a, 0x2f].includes(byte) ? 0x61 : byte)))
  .filter((bytes) => !['.', '..'].includes(String.fromCharCode(...bytes)))

test('any name becomes a path, and that path the same bytes again', () => {
  const hierarchy = { mount: '/m', version: 2, controllers: [] } as const
  fc.assert(
    fc.property(name, name, (first, second) => {
      const path = childPath(childPath(ROOT, first), second)
      checkPath(path)
      expect(parentPath(path)).toBe(childPath(ROOT, first))
      expect(groupDir(hierarchy, path)).toEqual(Buffer.concat([Buffer.from('/m/'), first, Buffer.from('/'), second]))
    }),
    { numRuns: 2000 },
  )
})

test('a path that leads out of the tree, or is spelled another way, is refused', () => {
  const hostile = [
    '',
    'a',
    '/a/',
    '//a',
    '/..',
    '/../etc',
    '/a/../b',
    '/.',
    '/a\\x2fb',
    '/\\x61',
    '/a\\q',
    '/a\nb',
    '/\\u{0}',
  ]
  for (const path of hostile) expect(() => checkPath(path as GroupPath), path).toThrow(/not the path of a group/)
})

test('a group is not below another one whose name merely begins alike', () => {
  const path = (text: string) => text as GroupPath
  expect(isSelfOrBelow(path('/ab'), path('/a'))).toBe(false)
  expect(isSelfOrBelow(path('/a/b'), path('/a'))).toBe(true)
  expect(isSelfOrBelow(path('/a'), path('/a'))).toBe(true)
  expect(isSelfOrBelow(path('/a'), ROOT)).toBe(true)
})
