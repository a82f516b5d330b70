import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { createRevocation, type FindSession } from './revocation.ts'

class FakeSocket extends EventEmitter {
  readonly closes: string[] = []
  close(code: number, reason: string): void {
    this.closes.push(`${code} ${reason}`)
  }
  terminate(): void {
    this.closes.push('terminated')
  }
}
const open = () => {
  const socket = new FakeSocket()
  return { socket, as: socket as unknown as WebSocket }
}
const log = pino({ level: 'silent' })
const later = new Date(Date.now() + 60_000)

test('a socket is closed when its session ends, expires or changes its role, and not before', async () => {
  const known = new Map<string, Awaited<ReturnType<FindSession>>>([
    ['ann', { expiresAt: later, role: 'admin' }],
    ['bob', { expiresAt: later, role: 'operator' }],
    ['eve', { expiresAt: later, role: 'viewer' }],
  ])
  using revocation = createRevocation(async (id) => known.get(id) ?? null, log)
  const [ann, bob, eve] = [open(), open(), open()]
  revocation.watch(ann.as, { sessionId: 'ann', role: 'admin' })
  revocation.watch(bob.as, { sessionId: 'bob', role: 'operator' })
  revocation.watch(eve.as, { sessionId: 'eve', role: 'viewer' })
  await revocation.look()
  expect([ann, bob, eve].flatMap((one) => one.socket.closes)).toEqual([])

  known.delete('ann')
  known.set('bob', { expiresAt: later, role: 'viewer' })
  known.set('eve', { expiresAt: new Date(Date.now() - 1), role: 'viewer' })
  await revocation.look()
  expect(ann.socket.closes).toEqual(['4001 session ended'])
  expect(bob.socket.closes).toEqual(['4001 role changed'])
  expect(eve.socket.closes).toEqual(['4001 session ended'])
})

test('a page that does not close in return is cut', async () => {
  vi.useFakeTimers()
  using revocation = createRevocation(async () => null, log)
  const ann = open()
  revocation.watch(ann.as, { sessionId: 'ann', role: 'admin' })
  await revocation.look()
  vi.advanceTimersByTime(500)
  vi.useRealTimers()
  expect(ann.socket.closes).toEqual(['4001 session ended', 'terminated'])
})

test('all sockets of a session are closed, and a closed socket is asked about no more', async () => {
  let asked = 0
  using revocation = createRevocation(async () => {
    asked++
    return null
  }, log)
  const [first, second] = [open(), open()]
  for (const one of [first, second]) revocation.watch(one.as, { sessionId: 'ann', role: 'admin' })
  await revocation.look()
  expect(asked).toBe(1)
  for (const one of [first, second]) {
    expect(one.socket.closes).toHaveLength(1)
    one.socket.emit('close')
  }
  await revocation.look()
  expect(asked).toBe(1)
})

test('a database that is down closes nobody: the live view goes on', async () => {
  using revocation = createRevocation(async () => Promise.reject(new Error('refused')), log)
  const ann = open()
  revocation.watch(ann.as, { sessionId: 'ann', role: 'admin' })
  await revocation.look()
  expect(ann.socket.closes).toEqual([])
})
