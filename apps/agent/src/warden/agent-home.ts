import { chmodSync, chownSync, lchownSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readIfThere, replaceFile, unlinkIfThere } from '../shared/files.ts'
import type { WardenOptions } from './options.ts'

/** Name of the enrolment token below the agent's directory. */
const TOKEN_NAME = 'enrol-token'

/**
 * Makes the agent's directory, owned by the agent's user, and moves the enrolment token (if one was given) into it:
 * the agent has no right to remove a file of root's. Returns the token's new path.
 */
export const prepareAgentHome = (options: WardenOptions): { home: string; tokenFile: string } => {
  mkdirSync(options.stateDir, { recursive: true, mode: 0o711 })
  // The agent must be able to reach its own directory, and nothing beside it.
  chmodSync(options.stateDir, 0o711)
  const home = join(options.stateDir, 'agent')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  chmodSync(home, 0o700)
  const tokenFile = join(home, TOKEN_NAME)
  const token = options.tokenFile === null ? null : readIfThere(options.tokenFile)
  if (token !== null && options.tokenFile !== null) {
    replaceFile(tokenFile, token)
    if (options.tokenFile !== tokenFile) unlinkIfThere(options.tokenFile)
  }
  const { agentUid, agentGid } = options
  if (agentUid !== null && agentGid !== null) {
    // lchown: a link planted by the agent must not make root give away what it points to.
    for (const name of readdirSync(home)) lchownSync(join(home, name), agentUid, agentGid)
    chownSync(home, agentUid, agentGid)
  }
  return { home, tokenFile }
}
