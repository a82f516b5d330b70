import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestDatabase } from '@corral/db/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServices, type Services } from '../services.ts'
import { createQuietLog } from '../testing/quiet-log.ts'

const publicUrl = 'http://localhost:3000'
let fixture: Awaited<ReturnType<typeof startTestDatabase>>
let services: Services
const secretDir = mkdtempSync(join(tmpdir(), 'corral-secrets-'))
const log = createQuietLog()

beforeAll(async () => {
  fixture = await startTestDatabase()
  services = createServices({ database: fixture.database, secretDir, publicUrl, version: '0.1.0', log })
})
afterAll(async () => {
  await services?.[Symbol.asyncDispose]()
  await fixture?.[Symbol.asyncDispose]()
  rmSync(secretDir, { recursive: true, force: true })
})

const open = (url: string, init: RequestInit = {}) => services.auth.handler(new Request(url, init))
const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
const signIn = async (): Promise<string> => cookieOf(await open(await services.auth.makeSignInLink()))

test('the printed link signs the first admin in, exactly once, however many open it at the same time', async () => {
  const link = await services.auth.makeSignInLink()
  const answers = await Promise.all(Array.from({ length: 12 }, () => open(link)))
  const signedIn = answers.filter((answer) => answer.headers.getSetCookie().length > 0)
  expect(signedIn).toHaveLength(1)
  const cookie = cookieOf(signedIn[0] as Response)
  expect(await services.auth.sessionOf(new Headers({ cookie }))).toMatchObject({ name: 'Admin', role: 'admin' })

  const again = await open(link)
  expect(again.headers.getSetCookie()).toEqual([])
  expect(again.headers.get('location')).toBe(`${publicUrl}/sign-in?error=INVALID_TOKEN`)
})

test('a second link is for the same admin', async () => {
  const first = await services.auth.sessionOf(new Headers({ cookie: await signIn() }))
  const second = await services.auth.sessionOf(new Headers({ cookie: await signIn() }))
  expect(second?.userId).toBe(first?.userId)
  expect(second?.sessionId).not.toBe(first?.sessionId)
})

test('the cookie is HttpOnly and SameSite=Lax; over https it is Secure and __Host-', async () => {
  const plain = (await open(await services.auth.makeSignInLink())).headers.getSetCookie()[0] ?? ''
  expect(plain).toMatch(/^corral\.session_token=.*; Path=\/; HttpOnly; SameSite=Lax$/)

  const secure = createServices({
    database: fixture.database,
    secretDir,
    publicUrl: 'https://corral.example',
    version: '0.1.0',
    log,
  })
  const link = await secure.auth.makeSignInLink()
  expect(link).toMatch(/^https:\/\/corral\.example\/api\/auth\/magic-link\/verify\?token=[\w-]{43}&/)
  const answer = await secure.auth.handler(new Request(link))
  const cookie = answer.headers.getSetCookie()[0] ?? ''
  expect(cookie).toMatch(/^__Host-corral\.session_token=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  expect(cookie).not.toMatch(/domain/i)
  expect(await secure.auth.sessionOf(new Headers({ cookie: cookieOf(answer) }))).not.toBeNull()
})

test('nobody outside can have a link made, sign up, or reach any other part of the sign-in library', async () => {
  const post = { method: 'POST', headers: { 'content-type': 'application/json', origin: publicUrl } }
  const body = JSON.stringify({ email: 'admin@corral.local', callbackURL: '/' })
  for (const path of [
    'sign-in/magic-link',
    'sign-in/magic-link/',
    'sign-in/email',
    'sign-up/email',
    'update-user',
    'list-sessions',
    'error',
    'ok',
    'magic-link/verify/../../sign-in/magic-link',
  ])
    expect((await open(`${publicUrl}/api/auth/${path}`, { ...post, body })).status).toBe(404)
})

test('a link leads nowhere but to this dashboard', async () => {
  const link = new URL(await services.auth.makeSignInLink())
  for (const elsewhere of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
    link.searchParams.set('callbackURL', elsewhere)
    const answer = await open(link.href)
    expect(answer.status).toBe(403)
    expect(answer.headers.getSetCookie()).toEqual([])
  }
})

test('neither a sign-in token nor a session token is in the database as it is', async () => {
  const link = await services.auth.makeSignInLink()
  const token = new URL(link).searchParams.get('token') ?? ''
  const cookie = decodeURIComponent(cookieOf(await open(await services.auth.makeSignInLink())).split('=')[1] ?? '')
  const sessionToken = cookie.split('.')[0] ?? ''
  expect(sessionToken.length).toBeGreaterThan(20)
  const { rows } = await dump()
  expect(rows).toContain('magic-link')
  for (const secret of [token, sessionToken, cookie]) expect(rows).not.toContain(secret)
})

/** Everything that better-auth stored, as text. */
const dump = async (): Promise<{ rows: string }> => {
  const client = fixture.database.authClient as {
    session: { findMany(): Promise<unknown> }
    verification: { findMany(): Promise<unknown> }
  }
  return { rows: JSON.stringify([await client.session.findMany(), await client.verification.findMany()]) }
}

test('signing out ends the session; a foreign origin cannot do it', async () => {
  const cookie = await signIn()
  const headers = { cookie, 'content-type': 'application/json' }
  const url = `${publicUrl}/api/auth/sign-out`
  const foreign = await open(url, {
    method: 'POST',
    headers: { ...headers, origin: 'https://evil.example' },
    body: '{}',
  })
  expect(foreign.status).toBe(403)
  expect(await services.auth.sessionOf(new Headers({ cookie }))).not.toBeNull()
  expect((await open(url, { method: 'POST', headers: { ...headers, origin: publicUrl }, body: '{}' })).status).toBe(200)
  expect(await services.auth.sessionOf(new Headers({ cookie }))).toBeNull()
})

test('whoever tries links too often is held back, and nobody else is', async () => {
  const from = (address: string, url: string) => open(url, { headers: { 'x-forwarded-for': address } })
  const codes: number[] = []
  for (let i = 0; i < 40; i++)
    codes.push((await from('192.0.2.1', `${publicUrl}/api/auth/magic-link/verify?token=guess-${i}`)).status)
  expect(codes.slice(0, 30)).not.toContain(429)
  expect(codes.slice(30)).toEqual(Array(10).fill(429))
  const answer = await from('203.0.113.9', await services.auth.makeSignInLink())
  expect(answer.headers.getSetCookie()).toHaveLength(1)
})

test('a forged or foreign cookie is nobody', async () => {
  const cookie = await signIn()
  expect(await services.auth.sessionOf(new Headers({ cookie: `${cookie.slice(0, -8)}AAAAAAA%3D` }))).toBeNull()
  expect(await services.auth.sessionOf(new Headers())).toBeNull()
})

test('a ticket is worth what its session is worth now', async () => {
  const cookie = await signIn()
  const session = await services.auth.sessionOf(new Headers({ cookie }))
  if (!session) throw new Error('not signed in')
  const ticket = services.auth.ticketFor(session)
  expect(await services.auth.redeemTicket(ticket)).toEqual(session)

  const client = fixture.database.authClient as {
    user: { update(change: object): Promise<unknown> }
    session: { delete(which: object): Promise<unknown> }
  }
  await client.user.update({ where: { id: session.userId }, data: { role: 'viewer' } })
  expect((await services.auth.redeemTicket(ticket))?.role).toBe('viewer')
  await client.user.update({ where: { id: session.userId }, data: { role: 'admin' } })
  await client.session.delete({ where: { id: session.sessionId } })
  expect(await services.auth.redeemTicket(ticket)).toBeNull()
})

test('without its database it says so, and signs nobody in', async () => {
  const cookie = await signIn()
  const link = await services.auth.makeSignInLink()
  await fixture.postgres.stop()
  try {
    await expect(open(link)).rejects.toMatchObject({ code: 'database-down' })
    await expect(services.auth.sessionOf(new Headers({ cookie }))).rejects.toMatchObject({ code: 'database-down' })
    await expect(services.auth.makeSignInLink()).rejects.toMatchObject({ code: 'database-down' })
  } finally {
    await fixture.postgres.start()
  }
  expect((await open(link)).headers.getSetCookie()).toHaveLength(1)
})
