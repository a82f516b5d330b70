import { ERRORS } from '@corral/domain'
import { TRPCClientError } from '@trpc/client'
import { expect, it } from 'vitest'
import { readProblem } from './errors.ts'

const refused = (corral: unknown) =>
  TRPCClientError.from({ error: { code: -32000, message: 'no', data: { corral } } } as never)

it('says what the server says', () => {
  const corral = { code: 'protected-target', title: 'T', hint: 'H', detail: 'ssh.service', id: 'err_1' }
  expect(readProblem(refused(corral))).toEqual(corral)
})

it('fills in title and hint from the table of codes', () => {
  expect(readProblem(refused({ code: 'host-offline' }))).toMatchObject({
    title: ERRORS['host-offline'].title,
    hint: ERRORS['host-offline'].hint,
    detail: null,
  })
})

it('an unknown code is an internal fault, never shown raw', () => {
  expect(readProblem(refused({ code: '<img>' })).code).toBe('internal')
})

it('a failed fetch means the dashboard cannot be reached', () => {
  expect(readProblem(TRPCClientError.from(new TypeError('Failed to fetch'))).code).toBe('unreachable')
})

it('anything else is internal', () => {
  expect(readProblem(new Error('boom')).code).toBe('internal')
})
