import { spawn } from 'node:child_process'
import { repoRoot } from '../launch/paths.ts'

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Whether the output goes to the terminal as it comes. */
  readonly show?: boolean
}

/** Runs a command in the repository's root and returns its exit code and output. */
export const run = (command: string, args: readonly string[], options: RunOptions = {}) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    const child = spawn(command, args, {
      cwd: repoRoot,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const take = (chunk: Buffer): void => {
      output += chunk
      if (options.show) process.stdout.write(chunk)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }))
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
