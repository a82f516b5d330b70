import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CorralError, METRIC_COUNT } from '@corral/domain'
import { hostId, type Order } from '@corral/protocol'
import { BOOT, freezeOf, someContainer, someHost, type TempDir, tempDir, until } from '@corral/testing'
import { describe, expect, test } from 'vitest'
import { createCodec } from '../shared/codec.ts'
import { type DashboardDouble, startDashboardDouble } from '../testing/dashboard-double.ts'
import { codeOf } from './handshake.ts'
import { openIdentity, readEnrolment, saveEnrolment } from './identity.ts'
import { agentUrl, type Dashboard, keepConnected } from './link.ts'

interface Linked extends AsyncDisposable {
  dashboard: Dashboard | null
  readonly ups: number[]
  readonly orders: Order[]
  readonly failures: { error: unknown; proved: boolean; waitMs: number }[]
}

const connect = (url: string, home: TempDir): Linked => {
  const stop = new AbortController()
  const linked: Linked = {
    dashboard: null,
    ups: [],
    orders: [],
    failures: [],
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await running
    },
  }
  const running = keepConnected(
    {
      url: agentUrl(url),
      codec: createCodec(),
      home: home.path,
      tokenFile: join(home.path, 'token'),
      identity: openIdentity(home.path),
      facts: () => someHost(),
      onUp: (dashboard) => {
        linked.dashboard = dashboard
        linked.ups.push(performance.now())
      },
      onDown: () => {
        linked.dashboard = null
      },
      onOrder: (order) => linked.orders.push(order),
      onFailure: (error, proved, waitMs) => linked.failures.push({ error, proved, waitMs }),
    },
    stop.signal,
  )
  return linked
}
const giveToken = (double: DashboardDouble, home: TempDir) =>
  writeFileSync(join(home.path, 'token'), `${double.makeToken()}\n`)
const up = (linked: Linked) => until('the link is up', () => linked.dashboard)

test('a host enrols with its token, proves itself, and the token is gone', async () => {
  await using double = await startDashboardDouble()
  using home = tempDir()
  giveToken(double, home)
  await using linked = connect(double.url, home)
  await up(linked)
  expect(double.state.enrolments).toBe(1)
  expect(double.state.facts).toEqual([someHost()])
  expect(existsSync(join(home.path, 'token'))).toBe(false)
  expect(double.state.hosts.has(readEnrolment(home.path)?.hostId ?? '')).toBe(true)
})

test('reports, orders and answers travel as they are: typed arrays, NaN and all', async () => {
  await using double = await startDashboardDouble()
  using home = tempDir()
  giveToken(double, home)
  await using linked = connect(double.url, home)
  const dashboard = await up(linked)
  const container = someContainer()
  const values = new Float32Array(METRIC_COUNT * 60).fill(Number.NaN)
  values[7] = 1.5
  await dashboard.agent.inventory.mutate({
    bootId: BOOT,
    containers: [{ ...container, labels: {} }],
    leases: [],
    omitted: 0,
  })
  const upload = {
    containers: [{ ...container, labels: {} }],
    blocks: [{ bootId: BOOT, cgroupId: container.cgroupId, startSec: 60, values }],
  }
  expect(await dashboard.agent.blocks.mutate(upload)).toEqual({ stored: 1, duplicate: 0 })
  expect(await dashboard.agent.blocks.mutate(upload)).toEqual({ stored: 0, duplicate: 1 })
  expect(double.state.uploads[0]?.blocks[0]?.values).toEqual(values)

  const order: Order = { kind: 'command', requestId: randomUUID(), command: freezeOf({ leaseSec: 60 }) }
  await until('the agent takes orders', () => double.listening === 1)
  double.order(order)
  await until('the order arrives', () => linked.orders.length === 1)
  expect(linked.orders[0]).toEqual(order)
})

test('a link that was cut is made again, and proved anew', async () => {
  await using double = await startDashboardDouble()
  using home = tempDir()
  giveToken(double, home)
  await using linked = connect(double.url, home)
  await up(linked)
  double.cut()
  await until('the link is up again', () => linked.ups.length === 2)
  expect(double.state.facts).toHaveLength(2)
  expect(double.state.enrolments).toBe(1)
  expect(linked.failures.at(-1)?.waitMs).toBeLessThanOrEqual(500)
})

describe('enrolling again', () => {
  test('a dashboard that lost its database is enrolled with anew, if a token is at hand', async () => {
    using home = tempDir()
    await using double = await startDashboardDouble()
    giveToken(double, home)
    {
      await using linked = connect(double.url, home)
      await up(linked)
    }
    double.state.hosts.clear()
    giveToken(double, home)
    await using linked = connect(double.url, home)
    await up(linked)
    expect(double.state.enrolments).toBe(2)
  })

  test('without a token the refusal is told, and tried again', async () => {
    using home = tempDir()
    await using double = await startDashboardDouble()
    giveToken(double, home)
    {
      await using linked = connect(double.url, home)
      await up(linked)
    }
    double.state.hosts.clear()
    await using linked = connect(double.url, home)
    await until('two attempts', () => linked.failures.length >= 2)
    expect(codeOf(linked.failures[0]?.error)).toBe('bad-proof')
    expect(double.state.enrolments).toBe(1)
  })

  test.each([
    ['hello', 'bad-proof'],
    ['hello', 'not-found'],
    ['hello', 'wrong-version'],
    ['prove', 'database-down'],
    ['prove', 'internal'],
    ['prove', 'too-much'],
  ] as const)('never when %s fails with %s: the token is kept for its purpose', async (step, code) => {
    using home = tempDir()
    await using double = await startDashboardDouble()
    giveToken(double, home)
    {
      await using linked = connect(double.url, home)
      await up(linked)
    }
    giveToken(double, home)
    double.state.failing.set(`link.${step}`, code)
    await using linked = connect(double.url, home)
    await until('a failure', () => linked.failures[0])
    expect(codeOf(linked.failures[0]?.error)).toBe(code)
    expect(double.state.enrolments).toBe(1)
    expect(double.state.tokens.size).toBe(1)
    double.state.failing.clear()
    await up(linked)
    expect(double.state.enrolments).toBe(1)
  })

  test('a dashboard with another key than the pinned one never sees the token', async () => {
    using home = tempDir()
    await using real = await startDashboardDouble()
    giveToken(real, home)
    {
      await using linked = connect(real.url, home)
      await up(linked)
    }
    await using other = await startDashboardDouble()
    other.state.hosts.set(readEnrolment(home.path)?.hostId ?? '', openIdentity(home.path).publicKey)
    giveToken(real, home)
    await using linked = connect(other.url, home)
    await until('a failure', () => linked.failures[0])
    expect(codeOf(linked.failures[0]?.error)).toBe('bad-proof')
    expect(other.state.facts).toEqual([])
    expect(existsSync(join(home.path, 'token'))).toBe(true)
  })
})

test('a wrong token is refused with its code, and nothing is pinned', async () => {
  await using double = await startDashboardDouble()
  using home = tempDir()
  writeFileSync(join(home.path, 'token'), 'x'.repeat(43))
  await using linked = connect(double.url, home)
  await until('a failure', () => linked.failures[0])
  expect(codeOf(linked.failures[0]?.error)).toBe('bad-token')
  expect(readEnrolment(home.path)).toBeNull()
})

test('an unproved connection can report nothing', async () => {
  await using double = await startDashboardDouble()
  using home = tempDir()
  saveEnrolment(home.path, { hostId: hostId.parse(randomUUID()), dashboardKey: new Uint8Array(32) })
  await using linked = connect(double.url, home)
  await until('a failure', () => linked.failures[0])
  expect(linked.ups).toEqual([])
  expect(double.state.live).toEqual([])
})

test('nobody there: waits with growing jitter, and stops at once when told to', async () => {
  using home = tempDir()
  const linked = connect('http://127.0.0.1:1', home)
  await until('two attempts', () => linked.failures.length >= 2)
  const began = performance.now()
  await linked[Symbol.asyncDispose]()
  expect(performance.now() - began).toBeLessThan(500)
})

test.each([
  ['https://corral.example/', 'wss://corral.example/agent'],
  ['http://127.0.0.1:3000', 'ws://127.0.0.1:3000/agent'],
  ['http://localhost:3000/x', 'ws://localhost:3000/agent'],
  ['http://[::1]:3000', 'ws://[::1]:3000/agent'],
])('%s is dialled as %s', (given, expected) => {
  expect(agentUrl(given)).toBe(expected)
})

test.each(['http://corral.example', 'ws://10.0.0.1', 'http://127.0.0.1.evil.example', 'ftp://x', 'nonsense'])(
  'plain text to another machine is refused: %s',
  (given) => {
    expect(() => agentUrl(given)).toThrow(CorralError)
  },
)
