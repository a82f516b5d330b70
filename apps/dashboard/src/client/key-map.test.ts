import { expect, it, vi } from 'vitest'
import { createKeyMap } from './key-map.ts'

it('a sequence never also runs its last key, whoever registered it', () => {
  const map = createKeyMap()
  const go = vi.fn()
  const freeze = vi.fn()
  map.add(() => ({ 'g f': go }))
  map.add(() => ({ f: freeze }))
  expect(map.press('g', 0)).toBeNull()
  expect(map.press('f', 100)).toBe(go)
  expect(map.press('f', 200)).toBe(freeze)
})

it('a slow second key stands for itself', () => {
  const map = createKeyMap()
  const freeze = vi.fn()
  map.add(() => ({ 'g f': vi.fn(), f: freeze }))
  map.press('g', 0)
  expect(map.press('f', 1000)).toBe(freeze)
})

it('a mistyped sequence does nothing', () => {
  const map = createKeyMap()
  map.add(() => ({ 'g f': vi.fn(), u: vi.fn() }))
  map.press('g', 0)
  expect(map.press('u', 100)).toBeNull()
})

it('the newest registration wins, and leaves', () => {
  const map = createKeyMap()
  const page = vi.fn()
  const dialog = vi.fn()
  map.add(() => ({ f: page }))
  const remove = map.add(() => ({ f: dialog }))
  expect(map.press('f', 0)).toBe(dialog)
  remove()
  expect(map.press('f', 1)).toBe(page)
})
