import { openDatabase } from '@corral/db'
import { consoleContext, createServices, makeEnrolToken, type Services } from '@corral/services'
import type { Env } from './env.ts'
import { migrationsDir } from './paths.ts'
import { openLogger } from './process.ts'
import { VERSION } from './version.ts'

/** What the command line does besides serving: each opens the database, does one thing and ends. */

const withServices = async <T>(env: Env, work: (services: Services) => Promise<T>): Promise<T> => {
  await using database = openDatabase({ url: env.databaseUrl, maxConnections: 2 })
  await using services = createServices({
    database,
    secretDir: env.secretDir,
    publicUrl: env.publicOrigin,
    version: VERSION,
    // The answer is on standard output; what was done is in the server's log when it is used.
    log: openLogger(env.logLevel === 'debug' ? 'debug' : 'warn'),
  })
  return await work(services)
}

/** A token with which one host may join; `host` is written on it as a label. */
export const printEnrolToken = (env: Env, host: string | null): Promise<string> =>
  withServices(env, async (services) => {
    const { token } = await makeEnrolToken(consoleContext(services), host === null ? {} : { labels: { host } })
    return token
  })

/** A link that signs the admin in, once. */
export const printSignInLink = (env: Env): Promise<string> =>
  withServices(env, (services) => services.auth.makeSignInLink())

/** Brings the database's tables to this version; names what was applied. */
export const migrate = async (env: Env): Promise<readonly string[]> => {
  await using database = openDatabase({ url: env.databaseUrl, maxConnections: 1 })
  return (await database.migrate(migrationsDir)).applied
}
