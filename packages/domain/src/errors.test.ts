import { expect, test } from 'vitest'
import { CorralError, ERRORS, isErrorCode } from './errors.ts'

test('no error travels as HTTP 408, which browsers answer by sending the act again', () => {
  for (const { trpc } of Object.values(ERRORS)) expect(trpc).not.toBe('TIMEOUT')
})

test('every error says what happened and what to do, in whole sentences', () => {
  for (const [code, { title, hint }] of Object.entries(ERRORS)) {
    expect(title, code).toMatch(/^[A-Z]/)
    expect(hint, code).toMatch(/\.$/)
  }
})

test('what is not in the table is no code', () => {
  expect(isErrorCode('toString')).toBe(false)
  expect(new CorralError('not-found', 'container 7').message).toBe('There is no such thing here: container 7')
})
