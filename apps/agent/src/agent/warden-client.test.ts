import { Duplex } from 'node:stream'
import type { CgroupId, GroupPath } from '@corral/domain'
import { type WardenMessage, wardenRequest } from '@corral/protocol'
import { freezeOf, until } from '@corral/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { createWardenClient } from './warden-client.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** Two ends of a channel, as a socket pair is one. */
const pair = (): [Duplex, Duplex] => {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read: () => {},
      write: (chunk, _, done) => {
        other().push(chunk)
        done()
      },
      final: (done) => {
        other().push(null)
        done()
      },
    })
  const ends: [Duplex, Duplex] = [make(() => ends[1]), make(() => ends[0])]
  return ends
}

const bench = (respond: (request: ReturnType<typeof wardenRequest.parse>) => WardenMessage | null) => {
  const [channel, warden] = pair()
  const leases: unknown[] = []
  const nonsense: unknown[] = []
  let closed = 0
  warden.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n').filter(Boolean)) {
      const message = respond(wardenRequest.parse(JSON.parse(line)))
      if (message) warden.write(`${JSON.stringify(message)}\n`)
    }
  })
  const client = createWardenClient({
    channel,
    onLeases: (now) => leases.push(now),
    onClosed: () => {
      closed += 1
    },
    onNonsense: (issues) => nonsense.push(issues),
  })
  return { client, warden, leases, nonsense, closed: () => closed }
}
const reply = { ok: false as const, refusal: { code: 'stale-target' as const, detail: null } }
const groups = Array.from({ length: 300 }, (_, i) => ({
  cgroupId: String(i + 1) as CgroupId,
  path: `/made/${i}` as GroupPath,
}))

test('a command comes back with its own reply, however many are under way', async () => {
  const { client } = bench((request) => ({
    kind: 'reply',
    requestId: request.requestId,
    reply: { ...reply, refusal: { ...reply.refusal, detail: request.kind === 'command' ? request.command.actor : '' } },
  }))
  const replies = await Promise.all(['ada', 'bob', 'eve'].map((actor) => client.command(freezeOf({ actor }))))
  expect(replies.map((each) => !each.ok && each.refusal.detail)).toEqual(['ada', 'bob', 'eve'])
})

test('many groups are described a part at a time', async () => {
  const sizes: number[] = []
  const { client } = bench((request) => {
    if (request.kind === 'describe') sizes.push(request.groups.length)
    return { kind: 'facts', requestId: request.requestId, groups: [] }
  })
  await client.describe(groups, () => {})
  expect(sizes).toEqual([128, 128, 44])
})

test('a warden that does not answer is a refusal that says so, and an error to a question', async () => {
  vi.useFakeTimers()
  const { client } = bench(() => null)
  const command = client.command(freezeOf())
  const question = client.describe(groups, () => {})
  const failed = expect(question).rejects.toThrow('did not answer')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await command).toMatchObject({ ok: false, refusal: { code: 'internal', detail: /did not answer/ } })
  await failed
})

test('leases are told as they come; what cannot be read is told and skipped', async () => {
  const { warden, leases, nonsense } = bench(() => null)
  warden.write('{"kind":"leases","leases":[]}\nnonsense\n{"kind":"leases",')
  warden.write('"leases":[]}\n')
  await until('both', () => leases.length === 2)
  expect(nonsense).toHaveLength(1)
})

test('a warden that is gone is told once', async () => {
  const { warden, closed } = bench(() => null)
  warden.end()
  warden.destroy()
  await until('told', () => closed() === 1)
})
