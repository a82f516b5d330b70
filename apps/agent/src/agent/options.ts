import { resolve } from 'node:path'
import { Command as Program } from 'commander'
import { VERSION } from '../shared/version.ts'
import { wholeNumber } from '../shared/whole-number.ts'

export interface AgentOptions {
  readonly dashboard: string
  readonly stateDir: string
  readonly tokenFile: string | null
  /** Whether descriptor 3 leads to a warden. */
  readonly warden: boolean
  readonly uid: number | null
  readonly gid: number | null
}

/** Reads the agent's command line; prints the usage and ends the process on a bad one. */
export const readAgentOptions = (argv: readonly string[]): AgentOptions => {
  const program = new Program('corral-agent')
    .version(VERSION)
    .description('Observes the containers of this host. Started by corral-warden; alone it observes only.')
    .requiredOption('--dashboard <url>', 'address of the dashboard, such as http://127.0.0.1:3000')
    .requiredOption('--state-dir <dir>', 'where the key and the log of blocks are kept, below agent/')
    .option('--token-file <file>', 'file with an enrolment token; removed once this host is enrolled')
    .option('--warden', 'descriptor 3 leads to the warden that started this', false)
    .option('--uid <n>', 'user to become before anything else', wholeNumber)
    .option('--gid <n>', 'group to become before anything else', wholeNumber)
    .parse([...argv])
  const given = program.opts<{
    dashboard: string
    stateDir: string
    tokenFile?: string
    warden: boolean
    uid?: number
    gid?: number
  }>()
  return {
    dashboard: given.dashboard,
    stateDir: resolve(given.stateDir),
    tokenFile: given.tokenFile === undefined ? null : resolve(given.tokenFile),
    warden: given.warden,
    uid: given.uid ?? null,
    gid: given.gid ?? given.uid ?? null,
  }
}
