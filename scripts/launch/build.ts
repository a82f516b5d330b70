import { spawn } from 'node:child_process'
import { repoRoot } from './paths.ts'
import { StartError } from './steps.ts'

/** Builds what changed (turbo keeps the rest); throws a `StartError` with the build's own words. */
export const build = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', 'build'], {
      cwd: repoRoot,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new StartError(`The build failed:\n${said.trim()}`))
    })
  })
