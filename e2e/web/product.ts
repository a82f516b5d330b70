import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The real product, started by `npm start -- --demo` on a data directory and a port of its own. */
export interface Product {
  readonly url: string
  readonly dataDir: string
  /** The one-time link that the start printed. */
  readonly signInLink: string
  readonly startedAt: number
  /** Everything printed so far. */
  readonly output: () => string
  /** Ctrl-C or SIGTERM; resolves when the launcher is gone, with the milliseconds it took. */
  readonly stop: (signal: 'SIGINT' | 'SIGTERM') => Promise<number>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })

const LINK = /https?:\/\/\S+magic-link\S+/

const linkFrom = (child: ChildProcess, output: () => string): Promise<string> =>
  new Promise((resolve, reject) => {
    const look = (): void => {
      const link = LINK.exec(output())?.[0]
      if (link) resolve(link)
    }
    child.stdout?.on('data', look)
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${output()}`)))
  })

/** Starts the product; `dataDir` keeps what an earlier start of the same test remembered. */
export const startProduct = async (dataDir = mkdtempSync(join(tmpdir(), 'corral-e2e-'))): Promise<Product> => {
  const port = await freePort()
  const startedAt = Date.now()
  const child = spawn('npm', ['start', '--', '--demo'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), CORRAL_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk
    })
  const output = () => text
  const signInLink = await linkFrom(child, output)
  const launcher = (JSON.parse(readFileSync(join(dataDir, 'start.lock'), 'utf8')) as { pid: number }).pid
  const stop = async (signal: 'SIGINT' | 'SIGTERM'): Promise<number> => {
    const began = performance.now()
    // Ctrl-C reaches everything in the terminal's group; SIGTERM comes to the npm that was started.
    if (existsSync(`/proc/${launcher}`))
      process.kill(signal === 'SIGINT' ? -(child.pid ?? 0) : (child.pid ?? 0), signal)
    while (existsSync(`/proc/${launcher}`)) {
      if (performance.now() - began > 20_000) throw new Error(`not stopped 20 s after ${signal}:\n${text}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return performance.now() - began
  }
  return { url: `http://localhost:${port}`, dataDir, signInLink, startedAt, output, stop }
}

export const forget = (product: Product): void => rmSync(product.dataDir, { recursive: true, force: true })
