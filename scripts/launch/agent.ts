import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Part, startPart } from './child.ts'
import { AGENT_OWNER, isRoot, makeDir, repoRoot } from './paths.ts'
import { place } from './place.ts'

export interface AgentHome {
  readonly dataDir: string
  readonly url: string
  /** An enrolment token; used only if this host is not enrolled yet, or the dashboard does not know it any more. */
  readonly token: string
  /** Processes of ours whose groups nobody may freeze. */
  readonly protect: readonly number[]
}

/** Starts the warden, which starts the agent; without root the agent alone, which then only observes. */
export const startAgent = (home: AgentHome): Part => {
  const app = join(home.dataDir, 'app/agent')
  place(app, { dist: join(repoRoot, 'apps/agent/dist') })
  const stateDir = makeDir(join(home.dataDir, 'host'), isRoot ? 0o711 : 0o700)
  const tokenFile = join(stateDir, 'enrol-token')
  rmSync(tokenFile, { force: true })
  writeFileSync(tokenFile, home.token, { mode: 0o600 })
  const common = ['--dashboard', home.url, '--state-dir', stateDir, '--token-file', tokenFile]
  const asRoot = [
    ...['--agent-uid', String(AGENT_OWNER.uid), '--agent-gid', String(AGENT_OWNER.gid)],
    ...home.protect.flatMap((pid) => ['--protect-pid', String(pid)]),
  ]
  return startPart({
    name: isRoot ? 'Warden and agent' : 'Agent',
    command: process.execPath,
    args: [join(app, 'dist', isRoot ? 'warden.mjs' : 'agent.mjs'), ...common, ...(isRoot ? asRoot : [])],
    env: { PATH: process.env.PATH },
    cwd: app,
    logFile: join(home.dataDir, 'logs/agent.log'),
  })
}
