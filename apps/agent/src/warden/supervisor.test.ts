import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { tempDir, until } from '@corral/testing'
import { expect, test } from 'vitest'
import { silent } from '../testing/warden-bench.ts'
import { createSender } from './sender.ts'
import { superviseAgent } from './supervisor.ts'

/** An agent that says its pid down the channel and then stays, or ignores SIGTERM, or ends at once. */
const script = (dir: string, body: string): string => {
  const path = join(dir, 'agent.mjs')
  writeFileSync(
    path,
    `import { Socket } from 'node:net'
     import { appendFileSync } from 'node:fs'
     appendFileSync(${JSON.stringify(join(dir, 'pids'))}, process.pid + ' ' + process.env.CORRAL_PARENT_PID + '\\n')
     const channel = new Socket({ fd: 3, readable: true, writable: true })
     ${body}
     channel.write('up\\n')`,
  )
  return path
}
const alive = (pid: number): boolean => existsSync(`/proc/${pid}`)
const linesOf = (dir: string): string[] => {
  const path = join(dir, 'pids')
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
}

test('an agent that dies is started again, each time with a channel of its own; stopping ends it for good', async () => {
  using dir = tempDir()
  const channels: Duplex[] = []
  let said = 0
  const supervisor = superviseAgent({
    script: script(dir.path, "channel.on('data', () => {})"),
    args: [],
    log: silent,
    attach: (channel) => {
      channels.push(channel)
      channel.on('data', () => {
        said += 1
      })
      channel.on('error', () => {})
    },
  })
  const { pid: first } = supervisor
  await until('the first is up', () => said === 1)
  process.kill(first ?? 0, 'SIGKILL')
  await until('the second is up', () => said === 2)
  expect(supervisor.pid).not.toBe(first)
  expect(channels).toHaveLength(2)
  expect(linesOf(dir.path).map((line) => line.split(' ')[1])).toEqual([`${process.pid}`, `${process.pid}`])
  const { pid } = supervisor
  await supervisor.stop(1000)
  expect(alive(pid ?? 0)).toBe(false)
  expect(supervisor.pid).toBeNull()
})

test('an agent that does not end when told to is killed after the grace', async () => {
  using dir = tempDir()
  let up = false
  const supervisor = superviseAgent({
    script: script(dir.path, "process.on('SIGTERM', () => {}); channel.on('data', () => {})"),
    args: [],
    log: silent,
    attach: (channel) => {
      channel.on('error', () => {})
      channel.on('data', () => {
        up = true
      })
    },
  })
  await until('it is up', () => up)
  const { pid } = supervisor
  const began = performance.now()
  await supervisor.stop(100)
  expect(performance.now() - began).toBeGreaterThan(95)
  expect(alive(pid ?? 0)).toBe(false)
})

test('an agent that ends at once is not started in a tight loop', async () => {
  using dir = tempDir()
  const supervisor = superviseAgent({
    script: script(dir.path, 'process.exit(1)'),
    args: [],
    log: silent,
    attach: (channel) => channel.on('error', () => {}),
  })
  await until('two starts', () => linesOf(dir.path).length >= 2)
  await supervisor.stop(100)
  const { length } = linesOf(dir.path)
  expect(length).toBeLessThan(20)
})

test('an agent that asks on but does not read is cut before it fills the memory', () => {
  let cuts = 0
  const channel = new Duplex({ read: () => {}, write: () => {}, highWaterMark: 1 })
  const send = createSender(channel, () => {
    cuts += 1
  })
  const groups = Array.from({ length: 500 }, (_, i) => ({
    cgroupId: `${i + 1}` as never,
    name: 'x'.repeat(500),
    image: null,
    labels: {},
    runtime: null,
    protection: null,
  }))
  const requestId = '00000000-0000-4000-8000-000000000001'
  for (let i = 0; i < 200; i++) send({ kind: 'facts', requestId, groups })
  expect(cuts).toBe(1)
  expect(channel.destroyed).toBe(true)
  expect(channel.writableLength).toBeLessThan(20 * 1024 * 1024)
})
