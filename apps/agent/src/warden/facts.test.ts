import type { GroupPath } from '@corral/domain'
import { expect, test } from 'vitest'
import { boundLabels, engineIdOf } from './facts.ts'

const ID = 'ab'.repeat(32)
const OTHER = 'cd'.repeat(32)
const idOf = (path: string) => engineIdOf(path as GroupPath)

test('the outermost container is known to an engine of this host by its id', () => {
  expect(idOf(`/docker/${ID}`)).toBe(ID)
  expect(idOf(`/system.slice/docker-${ID}.scope`)).toBe(ID)
  expect(idOf(`/of-our-own-choosing/${ID}`)).toBe(ID)
  expect(idOf(`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope`)).toBe(ID)
  expect(idOf('/made/web')).toBeNull()
})

test('a group inside a container cannot take the name of another container by its id', () => {
  expect(idOf(`/docker/${ID}/docker/${OTHER}`)).toBeNull()
  expect(idOf(`/lxc/web/${OTHER}`)).toBeNull()
})

test('labels are bounded in number, in length and together', () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, 'v']))
  expect(Object.keys(boundLabels(many))).toHaveLength(64)
  const long = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`${i}`, 'v'.repeat(10_000)]))
  expect(JSON.stringify(boundLabels(long)).length).toBeLessThan(9000)
})
