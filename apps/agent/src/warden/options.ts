import { resolve } from 'node:path'
import { Option, Command as Program } from 'commander'
import { VERSION } from '../shared/version.ts'
import { wholeNumber } from '../shared/whole-number.ts'

export interface WardenOptions {
  readonly dashboard: string
  readonly stateDir: string
  readonly tokenFile: string | null
  readonly agentUid: number | null
  readonly agentGid: number | null
  readonly protectPids: readonly number[]
}

/** Reads the warden's command line; prints the usage and ends the process on a bad one. */
export const readWardenOptions = (argv: readonly string[]): WardenOptions => {
  const program = new Program('corral-warden')
    .version(VERSION)
    .requiredOption('--dashboard <url>', 'address of the dashboard, such as http://127.0.0.1:3000')
    .requiredOption('--state-dir <dir>', 'where leases, keys and the log of blocks are kept')
    .option('--token-file <file>', 'file with an enrolment token; removed once it was read')
    .option('--agent-uid <n>', 'user the agent runs as', wholeNumber)
    .option('--agent-gid <n>', 'group the agent runs as', wholeNumber)
    .addOption(
      new Option('--protect-pid <pid>', 'never act on the group of this process (repeatable)')
        .argParser((text: string, before: number[]) => [...before, wholeNumber(text)])
        .default([]),
    )
    .parse([...argv])
  const given = program.opts<{
    dashboard: string
    stateDir: string
    tokenFile?: string
    agentUid?: number
    agentGid?: number
    protectPid: number[]
  }>()
  return {
    dashboard: given.dashboard,
    stateDir: resolve(given.stateDir),
    tokenFile: given.tokenFile === undefined ? null : resolve(given.tokenFile),
    agentUid: given.agentUid ?? null,
    agentGid: given.agentGid ?? given.agentUid ?? null,
    protectPids: given.protectPid,
  }
}
