import { expect, it, vi } from 'vitest'
import { createConnectionStore } from './connection.ts'

it('is reconnecting only after it was online, and says since when', () => {
  let now = 100
  const store = createConnectionStore(() => now)
  const heard = vi.fn()
  store.subscribe(heard)
  store.set('down')
  expect(store.get()).toBe('connecting')
  store.set('up')
  now = 130
  store.set('down')
  store.set('down')
  expect([store.get(), store.sinceSec()]).toEqual(['reconnecting', 130])
  expect(heard).toHaveBeenCalledTimes(2)
})
