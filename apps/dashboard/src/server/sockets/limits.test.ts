import { expect, test } from 'vitest'
import { createCallCounter } from './limits.ts'

const limits = { callsPerFrame: 20, subscriptions: 32, pending: 64 }
const calls = (method: string, count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => ({ id: first + index, method, params: { path: 'a.b' } }))

test('20 calls fit in a frame, 21 do not', () => {
  expect(createCallCounter(limits).received(calls('query', 20))).toBeNull()
  expect(createCallCounter(limits).received(calls('query', 21))).toBe('more than 20 calls in a frame')
})

test('stops count as calls of a frame as well', () => {
  expect(createCallCounter(limits).received(calls('subscription.stop', 21))).toBe('more than 20 calls in a frame')
})

test('32 subscriptions are open at once, the 33rd is refused, and one that ended makes room', () => {
  const counter = createCallCounter(limits)
  counter.received(calls('subscription', 20))
  expect(counter.received(calls('subscription', 12, 20))).toBeNull()
  expect(counter.received(calls('subscription', 1, 32))).toBe('more than 32 subscriptions at once')
  counter.answered({ id: 3, result: { type: 'data', data: {} } })
  expect(counter.received(calls('subscription', 1, 33))).toBe('more than 32 subscriptions at once')
  counter.answered({ id: 3, result: { type: 'stopped' } })
  expect(counter.received(calls('subscription', 1, 34))).toBeNull()
})

test('a subscription that failed makes room', () => {
  const counter = createCallCounter({ ...limits, subscriptions: 1 })
  counter.received(calls('subscription', 1))
  counter.answered({ id: 0, error: { code: -32_603 } })
  expect(counter.received(calls('subscription', 1, 1))).toBeNull()
})

test('asking to stop makes no room before the stream has ended', () => {
  const counter = createCallCounter({ ...limits, subscriptions: 1 })
  counter.received(calls('subscription', 1))
  counter.received({ id: 0, method: 'subscription.stop' })
  expect(counter.received(calls('subscription', 1, 1))).toBe('more than 1 subscriptions at once')
})

test('an id in use cannot be used again, not even in one frame', () => {
  const counter = createCallCounter(limits)
  counter.received({ id: 1, method: 'subscription' })
  expect(counter.received({ id: 1, method: 'subscription' })).toBe('a call id is used twice')
  expect(counter.received({ id: 1, method: 'query' })).toBe('a call id is used twice')
  const twice = [...calls('query', 1), ...calls('query', 1)]
  expect(createCallCounter(limits).received(twice)).toBe('a call id is used twice')
})

test('64 calls wait for their answer, the 65th is refused', () => {
  const counter = createCallCounter(limits)
  for (let first = 0; first < 64; first += 16) expect(counter.received(calls('mutation', 16, first))).toBeNull()
  expect(counter.received(calls('query', 1, 64))).toBe('more than 64 calls at once')
  counter.answered({ id: 5, result: { type: 'data', data: null } })
  expect(counter.received(calls('query', 1, 65))).toBeNull()
})

test('what is no call is left to tRPC', () => {
  const counter = createCallCounter(limits)
  for (const frame of [null, 7, 'PING', [], [null], { method: 'connectionParams', data: {} }])
    expect(counter.received(frame)).toBeNull()
})
