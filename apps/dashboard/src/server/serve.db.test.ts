import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestPostgres, type TestPostgres } from '@corral/db/testing'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { migrate, printEnrolToken, printSignInLink } from './commands.ts'
import { type Env, readEnv } from './env.ts'
import type { Pages } from './http/pages.ts'
import { type Running, serve } from './serve.ts'
import { call, dial, mustDial } from './testing/dial.ts'

/** The whole server with a real Postgres; only Next is left out. */

const pages: Pages = {
  handle: async (_, response) => void response.end('a page'),
  upgrade: (_request, socket) => void socket.destroy(),
  close: async () => {},
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

let postgres: TestPostgres
let home: string
let env: Env
let running: Running
let origin: string
let live: string
let agent: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  home = mkdtempSync(join(tmpdir(), 'corral-server-'))
  const port = await freePort()
  env = readEnv({ PORT: String(port), DATABASE_URL: postgres.url, CORRAL_SECRET_DIR: join(home, 'secrets') })
  origin = env.publicOrigin
  live = `ws://127.0.0.1:${port}/live?connectionParams=1`
  agent = `ws://127.0.0.1:${port}/agent`
  await postgres.stop()
  running = await serve(env, pino({ level: 'silent' }), async () => pages)
}, 60_000)

afterAll(async () => {
  await running?.stop()
  await postgres?.[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

const health = async (): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await fetch(`${origin}/healthz`)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const post = (path: string, headers: Record<string, string>, body: string = '{}'): Promise<Response> =>
  fetch(`${origin}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

/** Signs in by a fresh link; returns the cookie. */
const signIn = async (): Promise<string> => {
  const answer = await fetch(await printSignInLink(env), { redirect: 'manual' })
  expect(answer.status).toBe(302)
  return (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
}

const ticketFor = async (cookie: string): Promise<string> => {
  const answer = await post('/api/trpc/session.ticket', { origin, cookie })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { result: { data: { ticket: string } } }).result.data.ticket
}

test('it starts without a database, says so, lets nobody in, and is ready once the database is there', async () => {
  const down = await health()
  expect(down.status).toBe(503)
  expect(down.body).toMatchObject({ ok: false, version: '0.1.0', database: 'down', agents: 0 })
  expect(String(down.body.reason)).toContain('database cannot be reached')
  expect(JSON.stringify(down.body)).not.toContain('postgresql://')
  expect((await fetch(`${origin}/`)).status).toBe(503)
  expect(await dial(agent)).toBe(503)

  await postgres.start()
  await vi.waitFor(async () => expect((await health()).status).toBe(200), { timeout: 10_000, interval: 100 })
  expect((await health()).body).toEqual({ ok: true, version: '0.1.0', database: 'up', agents: 0 })
  expect(await (await fetch(`${origin}/`)).text()).toBe('a page')
}, 30_000)

test('secrets are made for this user alone', () => {
  expect(statSync(env.secretDir).mode & 0o777).toBe(0o700)
})

test('migrations were applied once; a second time changes nothing', async () => {
  expect(await migrate(env)).toEqual([])
})

test('a sign-in link signs in once', async () => {
  const link = await printSignInLink(env)
  const first = await fetch(link, { redirect: 'manual' })
  expect(first.headers.get('location')).toBe(`${origin}/`)
  expect(first.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Lax$/)
  const second = await fetch(link, { redirect: 'manual' })
  expect(second.headers.getSetCookie()).toEqual([])
  expect(second.headers.get('location')).toContain('/sign-in?error=')
})

test('an enrolment token is printed, each time another', async () => {
  const tokens = [await printEnrolToken(env, 'web1'), await printEnrolToken(env, null)]
  expect(new Set(tokens).size).toBe(2)
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
})

test('mutations are taken as POST, as JSON and from our own pages only', async () => {
  const cookie = await signIn()
  const status = async (headers: Record<string, string>, body?: string) =>
    (await post('/api/trpc/session.ticket', { cookie, ...headers }, body)).status
  expect(await status({ origin })).toBe(200)
  expect(await status({})).toBe(403)
  for (const foreign of [
    'null',
    'http://evil.example',
    `${origin}.evil.example`,
    origin.replace('localhost', '127.0.0.1'),
  ])
    expect(await status({ origin: foreign }), foreign).toBe(403)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonx'])
    expect(await status({ origin, 'content-type': type }), type).toBe(415)
  expect(await status({ origin }, 'a'.repeat(256 * 1024 + 1))).toBe(413)
  expect((await fetch(`${origin}/api/trpc/session.ticket`, { headers: { cookie } })).status).toBe(405)
  expect((await post('/api/trpc/session.ticket,session.ticket?batch=1', { origin, cookie })).status).toBe(400)
  expect((await post('/', { origin, cookie })).status).not.toBe(503)
  expect((await post('/api/auth/sign-out', { origin: 'http://evil.example', cookie })).status).toBe(403)
  expect(await status({ origin })).toBe(200)
})

test('an error carries a code, a hint and an id, never a stack', async () => {
  const answer = await post('/api/trpc/container.thaw', { origin, cookie: await signIn() }, '{"containerId":"0"}')
  const text = await answer.text()
  expect(JSON.parse(text)).toMatchObject({
    error: { data: { corral: { code: expect.any(String), id: expect.any(String) } } },
  })
  expect(text).not.toMatch(/ at .*\.ts|node_modules|stack/)
})

test('nothing is said to those who are not signed in', async () => {
  expect((await post('/api/trpc/session.ticket', { origin })).status).toBe(401)
})

test('every answer forbids sniffing, framing and foreign content', async () => {
  for (const path of ['/healthz', '/api/auth/get-session', '/api/nothing', '/api/trpc/session.me']) {
    const { headers } = await fetch(`${origin}${path}`)
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'")
    expect(headers.get('referrer-policy'), path).toBe('same-origin')
    expect(headers.get('cache-control'), path).toContain('no-store')
  }
})

test('a live socket opens with our Origin and a ticket, and answers', async () => {
  const client = await mustDial(live, { origin, ticket: await ticketFor(await signIn()) })
  client.send([call(1, 'session.me'), call(2, 'fleet.live', 'subscription')])
  await vi.waitFor(() => expect(client.received.length).toBeGreaterThanOrEqual(3))
  expect(client.received).toContainEqual({
    id: 1,
    result: { type: 'data', data: expect.objectContaining({ role: 'admin' }) },
  })
  expect(client.received).toContainEqual({
    id: 2,
    result: { type: 'data', data: expect.objectContaining({ kind: 'fleet', containers: [] }) },
  })
  client.socket.terminate()
})

test('a live socket with another Origin, or none, is refused; other paths are cut', async () => {
  const ticket = await ticketFor(await signIn())
  for (const foreign of [undefined, 'null', 'http://evil.example', origin.replace('localhost', '127.0.0.1')])
    expect(await dial(live, { ticket, ...(foreign !== undefined && { origin: foreign }) }), foreign).toBe(403)
  expect(await dial(agent, { origin })).toBe(403)
  expect(await dial(live.replace('/live', '/elsewhere'), { origin })).toBe('ECONNRESET')
})

test('a live socket without a good ticket is told so and closed', async () => {
  for (const ticket of ['', 'wrong', 'a.b']) {
    const client = await mustDial(live, { origin, ticket })
    await client.closed
    expect(JSON.stringify(client.received)).toContain('not-signed-in')
  }
  const client = await mustDial(live.replace('?connectionParams=1', ''), { origin })
  await client.closed
  expect(JSON.stringify(client.received)).toContain('not-signed-in')
})

test('frames beyond 256 KiB from pages and 1 MiB from agents close the socket', async () => {
  const client = await mustDial(live, { origin, ticket: await ticketFor(await signIn()) })
  client.socket.send(Buffer.alloc(256 * 1024 + 1))
  expect(await client.closed).toBe('1009')
  const host = await mustDial(agent)
  host.socket.send(Buffer.alloc(1024 * 1024, 0xc0))
  host.send(call(1, 'agent.orders', 'subscription'))
  await vi.waitFor(() => expect(JSON.stringify(host.received)).toContain('bad-proof'))
  host.socket.send(Buffer.alloc(1024 * 1024 + 1, 0xc0))
  expect(await host.closed).toBe('1009')
})

test('signing out closes the live socket within two seconds', async () => {
  const cookie = await signIn()
  const client = await mustDial(live, { origin, ticket: await ticketFor(cookie) })
  client.send(call(1, 'session.me'))
  await vi.waitFor(() => expect(client.received).toHaveLength(1))
  expect((await post('/api/auth/sign-out', { origin, cookie })).status).toBe(200)
  const began = performance.now()
  expect(await client.closed).toBe('4001 session ended')
  expect(performance.now() - began).toBeLessThan(2000)
})

test('while the database is away, /healthz says so, live sockets stay, and it comes back by itself', async () => {
  const client = await mustDial(live, { origin, ticket: await ticketFor(await signIn()) })
  client.send(call(1, 'fleet.live', 'subscription'))
  await vi.waitFor(() => expect(client.received.length).toBeGreaterThanOrEqual(2))
  await postgres.crash()
  await vi.waitFor(async () => expect((await health()).body).toMatchObject({ ok: false, database: 'down' }), {
    timeout: 5000,
    interval: 100,
  })
  await new Promise((resolve) => setTimeout(resolve, 2500))
  expect(client.socket.readyState).toBe(client.socket.OPEN)
  await postgres.start()
  await vi.waitFor(async () => expect((await health()).status).toBe(200), { timeout: 10_000, interval: 100 })
  client.socket.terminate()
}, 30_000)

test('it stops within three seconds, telling live sockets, even those that do not answer', async () => {
  const polite = await mustDial(agent)
  const deaf = await mustDial(agent)
  deaf.socket.pause()
  const began = performance.now()
  await running.stop()
  expect(performance.now() - began).toBeLessThan(3000)
  expect(await polite.closed).toBe('1001 the dashboard stops')
  deaf.socket.terminate()
})
