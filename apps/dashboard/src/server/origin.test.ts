import { expect, test } from 'vitest'
import { isOurOrigin, pathnameOf, rightAddress } from './origin.ts'

const ours = 'http://localhost:3000'

test('only the exact origin is ours', () => {
  expect(isOurOrigin({ headers: { origin: ours } }, ours)).toBe(true)
  const foreign = [
    undefined,
    '',
    'null',
    'http://localhost',
    'http://localhost:3001',
    'https://localhost:3000',
    'http://127.0.0.1:3000',
    'http://localhost:3000.evil.example',
    'http://evil.example/http://localhost:3000',
    'http://localhost:3000/',
    'HTTP://LOCALHOST:3000',
    'http://localhost:3000, http://evil.example',
  ]
  for (const origin of foreign)
    expect(isOurOrigin({ headers: origin === undefined ? {} : { origin } }, ours), String(origin)).toBe(false)
})

test('another loopback name is sent to the public one, with path and query', () => {
  expect(rightAddress({ headers: { host: '127.0.0.1:3000' }, url: '/containers/7?from=1' }, ours)).toBe(
    'http://localhost:3000/containers/7?from=1',
  )
  expect(rightAddress({ headers: { host: '[::1]:3000' }, url: '/' }, ours)).toBe('http://localhost:3000/')
})

test('nobody is sent to another machine or from another machine', () => {
  expect(rightAddress({ headers: { host: 'localhost:3000' }, url: '/' }, ours)).toBeNull()
  expect(rightAddress({ headers: { host: 'corral.example' }, url: '/' }, ours)).toBeNull()
  expect(rightAddress({ headers: { host: '127.0.0.1:3000' }, url: '/' }, 'https://corral.example')).toBeNull()
  expect(rightAddress({ headers: { host: '127.0.0.1:3000' }, url: 'http://evil.example/' }, ours)).toBe(ours)
})

test('the path ends at the query, and what is no path is empty', () => {
  expect(pathnameOf({ url: '/live?connectionParams=1' })).toBe('/live')
  expect(pathnameOf({ url: '*' })).toBe('')
  expect(pathnameOf({ url: 'http://evil.example/agent' })).toBe('')
  expect(pathnameOf({})).toBe('')
})
