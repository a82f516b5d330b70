import { chmodSync, chownSync, fchownSync, mkdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createFile, readIfThere, unlinkIfThere } from '../shared/files.ts'
import type { WardenOptions } from './options.ts'

/** Name of the enrolment token below the agent's directory. */
const TOKEN_NAME = 'enrol-token'

/**
 * Makes the agent's directory, owned by the agent's user, and moves the enrolment token (if one was given) into it:
 * the agent has no right to remove a file of root's. Returns the token's new path.
 *
 * The directory is the agent's, so root changes nothing in it but a file it has just made: a link planted there must
 * not make root write to, or give away, what it points to.
 */
export const prepareAgentHome = (options: WardenOptions): { home: string; tokenFile: string } => {
  mkdirSync(options.stateDir, { recursive: true, mode: 0o711 })
  // The agent must be able to reach its own directory, and nothing beside it.
  chmodSync(options.stateDir, 0o711)
  const home = join(options.stateDir, 'agent')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  chmodSync(home, 0o700)
  const { agentUid, agentGid } = options
  const owned = agentUid !== null && agentGid !== null
  if (owned) chownSync(home, agentUid, agentGid)

  const tokenFile = join(home, TOKEN_NAME)
  const token = options.tokenFile === null ? null : readIfThere(options.tokenFile)
  if (token !== null && options.tokenFile !== null) {
    unlinkIfThere(tokenFile)
    createFile(tokenFile, (fd) => {
      writeSync(fd, token)
      if (owned) fchownSync(fd, agentUid, agentGid)
    })
    if (options.tokenFile !== tokenFile) unlinkIfThere(options.tokenFile)
  }
  return { home, tokenFile }
}
