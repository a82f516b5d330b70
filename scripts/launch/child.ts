import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { sleep } from './steps.ts'

/**
 * A long-running part of the product. It leads a process group of its own, so that Ctrl-C in the terminal reaches
 * only the launcher, which then stops the parts in order; and it watches CORRAL_PARENT_PID, so that it ends by
 * itself when the launcher is killed.
 */
export interface Part {
  readonly name: string
  readonly process: ChildProcess
  readonly logFile: string
}

export interface PartOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly logFile: string
}

export const startPart = (options: PartOptions): Part => {
  const log = openSync(options.logFile, 'a', 0o640)
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...options.env, CORRAL_PARENT_PID: String(process.pid) },
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  return { name: options.name, process: child, logFile: options.logFile }
}

export const hasEnded = (part: Part): boolean =>
  part.process.exitCode !== null || part.process.signalCode !== null || part.process.pid === undefined

/** Sends `signal`, waits, and kills what is still there after `graceMs`. Returns whether it ended by itself. */
export const stopPart = async (part: Part, signal: NodeJS.Signals, graceMs: number): Promise<boolean> => {
  if (hasEnded(part)) return true
  part.process.kill(signal)
  const end = performance.now() + graceMs
  while (!hasEnded(part) && performance.now() < end) await sleep(20)
  if (hasEnded(part)) return true
  part.process.kill('SIGKILL')
  return false
}

/** Waits for a part that was just started; one that does not become ready does not stay behind. */
export const whenReady = async (part: Part, ready: Promise<void>): Promise<Part> => {
  try {
    await ready
    return part
  } catch (error) {
    await stopPart(part, 'SIGTERM', 1000)
    throw error
  }
}
