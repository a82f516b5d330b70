import { randomUUID } from 'node:crypto'
import { type Answer, answer, type CommandReply, type Order } from '@corral/protocol'
import { freezeOf, until } from '@corral/testing'
import { expect, test } from 'vitest'
import { createOrderTaker } from './orders.ts'

const bench = (act: ((command: unknown) => Promise<CommandReply>) | null = null) => {
  const answers: Answer[] = []
  const nonsense: unknown[] = []
  let attended: ReadonlySet<string> = new Set()
  const take = createOrderTaker({
    act,
    attend: (now) => {
      attended = now
    },
    tail: () => [{ startSec: 60, values: new Float32Array(3) }],
    answer: (given) => answers.push(given),
    nonsense: (what) => nonsense.push(what),
  })
  return { take, answers, nonsense, attended: () => attended }
}

test('without a warden every command is refused with the reason', async () => {
  const { take, answers } = bench()
  take({ kind: 'command', requestId: randomUUID(), command: freezeOf() })
  await until('answered', () => answers.length === 1)
  expect(answers[0]).toMatchObject({ reply: { ok: false, refusal: { code: 'observe-only' } } })
})

test('a command goes to the warden, and its reply comes back under the number of the request', async () => {
  const asked: unknown[] = []
  const reply: CommandReply = { ok: false, refusal: { code: 'stale-target', detail: null } }
  const { take, answers } = bench(async (command) => {
    asked.push(command)
    return reply
  })
  const command = freezeOf({ leaseSec: 5 })
  const requestId = randomUUID()
  take({ kind: 'command', requestId, command })
  await until('answered', () => answers.length === 1)
  expect(asked).toEqual([command])
  expect(answers).toEqual([{ kind: 'command', requestId, reply }])
})

test('a command that this agent does not know is refused, not dropped', async () => {
  const { take, answers } = bench(() => Promise.reject(new Error('must not be asked')))
  take({ kind: 'command', requestId: randomUUID(), command: { verb: 'levitate' } } as unknown as Order)
  await until('answered', () => answers.length === 1)
  expect(answers[0]).toMatchObject({ reply: { refusal: { code: 'bad-input' } } })
})

test('a question for the tail is answered with what is not stored yet', () => {
  const { take, answers } = bench()
  take({ kind: 'tail', requestId: randomUUID(), cgroupId: '7' })
  expect(answer.safeParse(answers[0]).success).toBe(true)
  expect(answers[0]).toMatchObject({ kind: 'tail', blocks: [{ startSec: 60 }] })
})

test('attention replaces what was attended before', () => {
  const { take, attended } = bench()
  take({ kind: 'attend', cgroupIds: ['1', '2'] })
  take({ kind: 'attend', cgroupIds: ['3'] })
  expect([...attended()]).toEqual(['3'])
})

test('an order of a kind that is not known is told and harms nothing', () => {
  const { take, nonsense, answers } = bench()
  take({ kind: 'reboot' } as unknown as Order)
  take(null as unknown as Order)
  expect(nonsense).toHaveLength(2)
  expect(answers).toEqual([])
})
