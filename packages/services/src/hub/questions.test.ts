import type { Answer } from '@corral/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createQuestions } from './questions.ts'

const requestId = '11111111-2222-4333-8444-555555555555'
const refused: Answer = {
  kind: 'command',
  requestId,
  reply: { ok: false, refusal: { code: 'freeze-timeout', detail: null } },
}
const tail: Answer = { kind: 'tail', requestId, blocks: [] }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('an answer settles its question once; a second, a stranger and one of another kind settle nothing', async () => {
  const questions = createQuestions()
  const answer = questions.ask({ requestId, kind: 'command', withinMs: 100 })
  expect(questions.answer(tail)).toBe(false)
  expect(questions.answer({ ...refused, requestId: '99999999-2222-4333-8444-555555555555' })).toBe(false)
  expect(questions.answer(refused)).toBe(true)
  expect(questions.answer(refused)).toBe(false)
  expect(await answer).toEqual(refused)
})

test('who asked hears that there was no answer; one that comes later still reaches whoever writes it down', async () => {
  const questions = createQuestions()
  const late: unknown[] = []
  const answer = questions.ask({
    requestId,
    kind: 'command',
    withinMs: 100,
    late: { withinMs: 1000, settle: (one) => late.push(one) },
  })
  vi.advanceTimersByTime(100)
  await expect(answer).rejects.toMatchObject({ code: 'no-answer' })
  expect(late).toEqual([])
  expect(questions.answer(refused)).toBe(true)
  expect(late).toEqual([refused])
  vi.advanceTimersByTime(5000)
  expect(late).toHaveLength(1)
})

test('if nothing ever comes, that is told once too', async () => {
  const questions = createQuestions()
  const late: unknown[] = []
  const settle = (one: unknown) => late.push(one)
  const answer = questions.ask({ requestId, kind: 'command', withinMs: 100, late: { withinMs: 1000, settle } })
  answer.catch(() => {})
  vi.advanceTimersByTime(1100)
  expect(late).toEqual([null])
  expect(questions.answer(refused)).toBe(false)
})

test('a withdrawn question is answered by nothing, and nobody is told later', async () => {
  const questions = createQuestions()
  const settle = vi.fn()
  const answer = questions.ask({ requestId, kind: 'command', withinMs: 100, late: { withinMs: 1000, settle } })
  questions.withdraw(requestId)
  await expect(answer).rejects.toMatchObject({ code: 'no-answer' })
  expect(questions.answer(refused)).toBe(false)
  vi.advanceTimersByTime(5000)
  expect(settle).not.toHaveBeenCalled()
})
