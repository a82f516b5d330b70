import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { descendsFrom, titleOf } from './process-cost.ts'

/** The product under measure: a real `npm start` with a data directory and port of its own. */
export interface Product {
  readonly url: string
  readonly signInLink: string
  /** Process ids of the launcher's descendants whose title begins so. */
  readonly pidsOf: (title: string) => number[]
  readonly stop: () => Promise<void>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const LINK = /https?:\/\/\S+magic-link\S+/

const waitForLink = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    const look = (chunk: Buffer): void => {
      text += chunk
      const link = LINK.exec(text)?.[0]
      if (link) resolve(link)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${text}`)))
  })

export const startProduct = async (port: number): Promise<Product> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'corral-bench-'))
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), CORRAL_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const signInLink = await waitForLink(child)
  const pidsOf = (title: string): number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => titleOf(pid).startsWith(title) && descendsFrom(pid, child.pid ?? -1))
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    }
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { url: `http://localhost:${port}`, signInLink, pidsOf, stop }
}
