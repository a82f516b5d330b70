import { CorralError, ERRORS, type ErrorCode } from '@corral/domain'
import { contextOf, createFakeDatabase, createTestServices } from '@corral/services/testing'
import { TRPCError } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { expect, test } from 'vitest'
import { mapError, toTrpcError } from './error-map.ts'
import { createAppRouter } from './index.ts'

test('every code of the table keeps its words and travels with its tRPC code', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const error = new CorralError(code, 'what exactly')
    const { title, hint, trpc } = ERRORS[code]
    expect(mapError(error)).toMatchObject({ code, title, hint, detail: code === 'internal' ? null : 'what exactly' })
    expect(toTrpcError(error)).toMatchObject({ code: trpc, cause: error })
  }
})

test('an unforeseen error tells its id and nothing else; the same error always has the same id', () => {
  const error = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new Error('connect /run/secret.sock') })
  const mapped = mapError(error)
  expect(mapped).toMatchObject({ code: 'internal', detail: null, log: 'error' })
  expect(mapped.id).toMatch(/^[0-9a-f]{12}$/)
  expect(mapError(error).id).toBe(mapped.id)
  expect(JSON.stringify(mapped)).not.toContain('secret')
})

const post = async (path: string, body: unknown, role: 'viewer' | 'admin' | null) => {
  await using fixture = createTestServices(createFakeDatabase())
  const response = await fetchRequestHandler({
    endpoint: '/api/trpc',
    router: createAppRouter(),
    req: new Request(`http://localhost:3000/api/trpc/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
    createContext: () => contextOf(fixture.services, role),
  })
  const text = await response.text()
  return { status: response.status, text, error: (JSON.parse(text) as { error?: unknown }).error }
}

test('an error over HTTP has the status of its code, and data.corral', async () => {
  const denied = await post('container.freeze', { containerId: '1', leaseSec: null }, 'viewer')
  expect(denied.status).toBe(403)
  expect(denied.error).toMatchObject({
    message: expect.stringContaining('Your role does not allow this'),
    data: { code: 'FORBIDDEN', httpStatus: 403, path: 'container.freeze', corral: { code: 'not-allowed' } },
  })
  expect((await post('session.ticket', {}, null)).status).toBe(401)
  expect((await post('container.freeze', { containerId: '1', leaseSec: null }, 'admin')).status).toBe(404)
})

test('a call that takes no input needs no body', async () => {
  const answer = await post('session.ticket', undefined, 'viewer')
  expect(answer.status).toBe(200)
})

test('a bad input names its field and never repeats its value', async () => {
  const answer = await post('container.freeze', { containerId: '1', leaseSec: 'hunter2' }, 'admin')
  expect(answer.status).toBe(400)
  expect(answer.error).toMatchObject({
    data: { corral: { code: 'bad-input', detail: expect.stringMatching(/^leaseSec: /) } },
  })
  expect(answer.text).not.toContain('hunter2')
})

test('no answer carries a stack', async () => {
  for (const path of ['container.freeze', 'no.such', 'session.me'])
    for (const role of ['admin', null] as const) {
      const { text } = await post(path, { containerId: {} }, role)
      expect(text).toContain('"corral"')
      expect(text).not.toMatch(/stack|\.ts:|node_modules/)
    }
})
