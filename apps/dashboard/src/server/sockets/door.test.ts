import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { initTRPC } from '@trpc/server'
import { afterEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { call, mustDial } from '../testing/dial.ts'
import { openDoor } from './door.ts'
import { createFlow, createPace } from './flow.ts'
import { BROWSER_LIMITS } from './limits.ts'

/** Real sockets over loopback, with a router made to be abused. */

interface Context {
  readonly pace: (signal: AbortSignal) => Promise<void>
}
const t = initTRPC.context<Context>().create()
const router = t.router({
  echo: t.procedure.input((input) => input).query(({ input }) => input),
  flood: t.procedure.subscription(async function* ({ ctx, signal }) {
    const values = new Float32Array(8192)
    while (signal && !signal.aborted) {
      await ctx.pace(signal)
      yield { values }
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }),
  forever: t.procedure.subscription(async function* ({ signal }) {
    await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    yield 0
  }),
})

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

const openHouse = async ({ paced = true, stallMs = 60_000 } = {}) => {
  const server = createServer()
  const flow = createFlow((reason) => cuts.push(reason), stallMs)
  const cuts: string[] = []
  const sockets: WebSocket[] = []
  const door = openDoor({
    router,
    limits: BROWSER_LIMITS,
    mostFrameBytes: 256 * 1024,
    mostSockets: 40,
    pingMs: 60_000,
    createContext: async ({ req, res }) => ({
      pace: paced ? createPace(res, req.socket as Socket) : async () => {},
    }),
    onError: () => {},
    onOpen: (socket) => sockets.push(socket),
    onCut: (reason) => cuts.push(reason),
    flow,
  })
  server.on('upgrade', (request, socket, head) => door.accept(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => {
    for (const socket of sockets) socket.terminate()
    flow[Symbol.dispose]()
    door.close()
    server.close()
  })
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const waiting = () => sockets.reduce((sum, socket) => sum + socket.bufferedAmount, 0)
  return { url, cuts, sockets, waiting }
}

test('typed arrays, gaps, dates and bigints arrive as they were sent', async () => {
  const { url } = await openHouse()
  const client = await mustDial(url)
  const sent = { values: new Float32Array([1.5, Number.NaN]), at: new Date(0), big: 2n ** 60n }
  client.send(call(1, 'echo', 'query', sent))
  await vi.waitFor(() => expect(client.received).toHaveLength(1))
  expect(client.received[0]).toMatchObject({ id: 1, result: { data: sent } })
})

test('a frame of 256 KiB is taken, one byte more closes the socket', async () => {
  const { url } = await openHouse()
  const client = await mustDial(url)
  client.socket.send(Buffer.alloc(256 * 1024, 0xc0))
  client.send(call(1, 'echo', 'query', 'still here'))
  await vi.waitFor(() => expect(JSON.stringify(client.received)).toContain('still here'))
  client.socket.send(Buffer.alloc(256 * 1024 + 1, 0xc0))
  expect(await client.closed).toBe('1009')
})

test('20 calls in a frame are answered, 21 close the socket', async () => {
  const { url, cuts } = await openHouse()
  const client = await mustDial(url)
  const calls = (count: number, first: number) => Array.from({ length: count }, (_, at) => call(first + at, 'echo'))
  client.send(calls(20, 0))
  await vi.waitFor(() => expect(client.received).toHaveLength(20))
  client.send(calls(21, 100))
  expect(await client.closed).toBe('1008 more than 20 calls in a frame')
  expect(client.received).toHaveLength(20)
  expect(cuts).toEqual(['more than 20 calls in a frame'])
})

test('32 subscriptions are served, the 33rd closes the socket', async () => {
  const { url } = await openHouse()
  const client = await mustDial(url)
  for (let id = 0; id < 32; id++) client.send(call(id, 'forever', 'subscription'))
  await vi.waitFor(() => expect(client.received).toHaveLength(32))
  client.send(call(32, 'forever', 'subscription'))
  expect(await client.closed).toBe('1008 more than 32 subscriptions at once')
})

test('text, broken frames and depths without end close nothing and break nothing', async () => {
  const { url } = await openHouse()
  const client = await mustDial(url)
  client.socket.send('{"id":1,"method":"query"}')
  client.socket.send(Buffer.from([0xc1]))
  client.socket.send(Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]))
  client.socket.send(Buffer.alloc(200_000, 0x91))
  client.send(call(9, 'echo', 'query', 'still here'))
  await vi.waitFor(() => expect(JSON.stringify(client.received)).toContain('still here'))
})

test('sockets beyond the most there may be are refused', async () => {
  const { url } = await openHouse()
  await Promise.all(Array.from({ length: 40 }, () => mustDial(url)))
  await expect(mustDial(url)).rejects.toThrow('refused: 503')
})

/** Twenty readers of a flood that stop reading; returns the most that waited for them at a time, in bytes. */
const stall = async (house: Awaited<ReturnType<typeof openHouse>>, forMs: number): Promise<number> => {
  const clients = await Promise.all(Array.from({ length: 20 }, () => mustDial(house.url)))
  for (const client of clients) {
    client.socket.pause()
    client.send(call(1, 'flood', 'subscription'))
  }
  let most = 0
  for (const end = performance.now() + forMs; performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    most = Math.max(most, house.waiting())
  }
  return most
}

/** 100 stalled readers may cost 32 MiB; these are 20. */
const ALLOWED_BYTES = (32 * 1024 * 1024 * 20) / 100

test('what waits for stalled readers stays small', async () => {
  expect(await stall(await openHouse(), 1500)).toBeLessThan(ALLOWED_BYTES)
})

test('control: without pace, the same readers make the program hold more than it may', async () => {
  expect(await stall(await openHouse({ paced: false }), 1500)).toBeGreaterThan(ALLOWED_BYTES)
})

test('stalled readers are cut, and those who read stay', { timeout: 15_000 }, async () => {
  const house = await openHouse({ stallMs: 1500 })
  const reader = await mustDial(house.url)
  reader.send(call(1, 'flood', 'subscription'))
  await stall(house, 0)
  await vi.waitFor(() => expect(house.cuts).toHaveLength(20), { timeout: 8000 })
  expect(new Set(house.cuts)).toEqual(new Set(['nothing was read for too long']))
  expect(reader.socket.readyState).toBe(reader.socket.OPEN)
  const had = reader.received.length
  await vi.waitFor(() => expect(reader.received.length).toBeGreaterThan(had))
})
