import { expect, test } from 'vitest'
import { createTickets, TICKET_MS } from './tickets.ts'

const secret = 'a'.repeat(64)
const session = { sessionId: 's1', userId: 'u1', name: 'Ann', email: 'ann@corral.local' }

test('a ticket is good for its time and says whose it is', () => {
  let now = 1000
  const tickets = createTickets(secret, () => now)
  const ticket = tickets.make(session)
  expect(tickets.read(ticket)).toMatchObject(session)
  now += TICKET_MS - 1
  expect(tickets.read(ticket)).not.toBeNull()
  now += 1
  expect(tickets.read(ticket)).toBeNull()
})

test('no other text is a ticket: changed, cut, of another secret, or no ticket at all', () => {
  const tickets = createTickets(secret)
  const ticket = tickets.make(session)
  const [body = '', signature = ''] = ticket.split('.')
  const other = Buffer.from(JSON.stringify({ ...session, userId: 'u2', untilMs: 1e15 })).toString('base64url')
  const foreign = createTickets('b'.repeat(64)).make(session)
  for (const text of [`${other}.${signature}`, `${body}.`, body, '', '.', `${ticket}.x`, foreign, 'x'.repeat(10_000)])
    expect(tickets.read(text)).toBeNull()
})
