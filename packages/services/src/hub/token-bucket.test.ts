import { expect, test } from 'vitest'
import { createTokenBucket } from './token-bucket.ts'

test('so many at once, then as time refills them, never more than at first', () => {
  let now = 0
  const bucket = createTokenBucket({ burst: 3, perSec: 2 }, () => now)
  bucket.take('acts', 3)
  expect(() => bucket.take('acts')).toThrow(/acts: at most 3 at once and 2 a second/)
  now += 500
  bucket.take('acts')
  expect(() => bucket.take('acts')).toThrow()
  now += 60_000
  expect(() => bucket.take('acts', 4)).toThrow()
  bucket.take('acts', 3)
})
