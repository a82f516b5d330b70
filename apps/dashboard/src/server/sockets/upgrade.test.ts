import { expect, test } from 'vitest'
import { judgeUpgrade } from './upgrade.ts'

const rules = { publicOrigin: 'http://localhost:3000', started: true, dev: false }
const upgrade = (url: string, headers: Record<string, string> = {}) => ({
  method: 'GET',
  url,
  headers: { upgrade: 'websocket', ...headers },
})

test('/live opens for pages of ours only', () => {
  expect(judgeUpgrade(upgrade('/live?connectionParams=1', { origin: rules.publicOrigin }), rules)).toEqual({
    kind: 'live',
  })
  for (const headers of [
    {},
    { origin: 'null' },
    { origin: 'http://evil.example' },
    { origin: 'http://127.0.0.1:3000' },
  ])
    expect(judgeUpgrade(upgrade('/live', headers), rules)).toEqual({ kind: 'refuse', status: '403 Forbidden' })
})

test('/agent opens for programs only: no page, not even ours, can speak for a host', () => {
  expect(judgeUpgrade(upgrade('/agent'), rules)).toEqual({ kind: 'agent' })
  for (const origin of [rules.publicOrigin, 'http://evil.example', 'null', ''])
    expect(judgeUpgrade(upgrade('/agent', { origin }), rules)).toEqual({ kind: 'refuse', status: '403 Forbidden' })
})

test('every other upgrade is destroyed', () => {
  const origin = rules.publicOrigin
  for (const url of ['/', '/live/', '/live2', '//live', '/LIVE', '/_next/hmr', 'http://localhost:3000/live', '*'])
    expect(judgeUpgrade(upgrade(url, { origin }), rules), url).toEqual({ kind: 'destroy' })
  expect(judgeUpgrade(upgrade('/live', { origin, upgrade: 'h2c' }), rules)).toEqual({ kind: 'destroy' })
  expect(judgeUpgrade({ ...upgrade('/live', { origin }), method: 'POST' }, rules)).toEqual({ kind: 'destroy' })
})

test('nobody comes in before the program is ready', () => {
  expect(judgeUpgrade(upgrade('/agent'), { ...rules, started: false })).toEqual({
    kind: 'refuse',
    status: '503 Service Unavailable',
  })
})

test('pages are reloaded over a socket in development only', () => {
  expect(judgeUpgrade(upgrade('/_next/hmr'), { ...rules, dev: true })).toEqual({ kind: 'pages' })
})
