import { expect, test } from 'vitest'
import { commonHeaders, pagePolicy } from './headers.ts'

const directives = (policy: string): Map<string, string> =>
  new Map(policy.split('; ').map((line) => [line.split(' ')[0] ?? '', line.split(' ').slice(1).join(' ')]))

const local = { nonce: 'bm9uY2U=', publicOrigin: 'http://localhost:3000', dev: false }

test('a page runs only scripts with its nonce, is never framed, and talks only to us', () => {
  const policy = directives(pagePolicy(local))
  expect(policy.get('script-src')).toBe("'nonce-bm9uY2U=' 'strict-dynamic'")
  expect(policy.get('connect-src')).toBe("'self' ws://localhost:3000")
  expect(policy.get('frame-ancestors')).toBe("'none'")
  expect(policy.get('base-uri')).toBe("'none'")
  expect(policy.get('object-src')).toBe("'none'")
})

test('inline styles are allowed as attributes only', () => {
  const policy = directives(pagePolicy(local))
  expect(policy.get('style-src')).toBe("'self' 'nonce-bm9uY2U='")
  expect(policy.get('style-src-attr')).toBe("'unsafe-inline'")
  expect(pagePolicy(local)).not.toContain('unsafe-eval')
})

test('eval is allowed in development only', () => {
  expect(pagePolicy({ ...local, dev: true })).toContain("'unsafe-eval'")
})

test('over https the live socket is wss, and browsers are told to stay with https', () => {
  const publicOrigin = 'https://corral.example'
  expect(directives(pagePolicy({ ...local, publicOrigin })).get('connect-src')).toBe("'self' wss://corral.example")
  expect(commonHeaders(publicOrigin)['Strict-Transport-Security']).toBe('max-age=31536000')
  expect(commonHeaders(local.publicOrigin)['Strict-Transport-Security']).toBeUndefined()
})
