import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { askDocker, parseContainerList } from './engine.ts'

const ID = 'ab'.repeat(32)
const cleanups: (() => void)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean()
})

const engine = async (listener: RequestListener): Promise<string> => {
  const dir = mkdtempSync(join(tmpdir(), 'corral-engine-'))
  const server = createServer(listener)
  const path = join(dir, 'engine.sock')
  await new Promise<void>((resolve) => server.listen(path, resolve))
  cleanups.push(() => {
    server.closeAllConnections()
    server.close()
    rmSync(dir, { recursive: true })
  })
  return path
}

test('names, images and labels come by full id', async () => {
  const path = await engine((request, response) => {
    expect(request.url).toBe('/containers/json')
    response.end(JSON.stringify([{ Id: ID, Names: ['/web'], Image: 'nginx:1', Labels: { team: 'a' } }]))
  })
  const found = await askDocker(path, AbortSignal.timeout(2000))
  expect(found.get(ID)).toEqual({ name: 'web', image: 'nginx:1', labels: { team: 'a' } })
})

test('an engine that never answers costs no more than the given time', async () => {
  const path = await engine(() => {})
  await expect(askDocker(path, AbortSignal.timeout(50))).rejects.toThrow()
})

test('an answer without end is cut', async () => {
  const path = await engine((_, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 0x20)
    const push = (): void => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', push)
    push()
  })
  await expect(askDocker(path, AbortSignal.timeout(10_000))).rejects.toThrow(/more than|reset|hang up/)
})

test('an error of the engine is an error, not an empty list', async () => {
  const path = await engine((_, response) => response.writeHead(500).end('[]'))
  await expect(askDocker(path, AbortSignal.timeout(2000))).rejects.toThrow('answered 500')
})

test('entries that are not as documented are left out', () => {
  const odd = [null, 1, {}, { Id: '../etc' }, { Id: ID, Names: 'x', Labels: { a: 1, b: 'c' } }]
  expect([...parseContainerList(JSON.stringify(odd))]).toEqual([
    [ID, { name: ID.slice(0, 12), image: null, labels: { b: 'c' } }],
  ])
  expect(() => parseContainerList('{}')).toThrow('no list')
})
