import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@corral/db'
import type { Role } from '@corral/domain'
import type { BrowserContext } from '../context.ts'
import { consoleContext } from '../context.ts'
import { makeEnrolToken } from '../host/enrol-token.ts'
import { createServices, type Services } from '../services.ts'
import { enrol, newIdentity } from './agent.ts'
import { createQuietLog } from './quiet-log.ts'

/** Services on any database, with secrets in a folder of their own that goes with them. */
export const createTestServices = <D extends Database>(database: D) => {
  const secretDir = mkdtempSync(join(tmpdir(), 'corral-secrets-'))
  const log = createQuietLog()
  const services = createServices({
    database,
    secretDir,
    publicUrl: 'http://localhost:3000',
    version: '0.1.0',
    log,
  })
  return {
    services,
    database,
    log,
    [Symbol.asyncDispose]: async () => {
      await services[Symbol.asyncDispose]()
      rmSync(secretDir, { recursive: true, force: true })
    },
  }
}

/** The context of someone with this role; `null`: of nobody. */
export const contextOf = (services: Services, role: Role | null, pace: BrowserContext['pace'] = async () => {}) => ({
  services,
  session: role && { sessionId: `s-${role}`, userId: `u-${role}`, name: role, email: `${role}@corral.local`, role },
  pace,
})

/** Enrols a new host with a token made for it. */
export const enrolNewHost = async (services: Services) => {
  const identity = newIdentity()
  const { token } = await makeEnrolToken(consoleContext(services), {})
  return { hostId: await enrol(services, token, identity), identity, token }
}
