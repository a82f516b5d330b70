import { openDatabase } from '@corral/db'
import type { Env } from './env.ts'
import { migrationsDir } from './paths.ts'
export const makeEnrolToken = async (_env: Env, _host: string | null): Promise<string> => ''
export const makeSignInLink = async (_env: Env): Promise<string> => ''
/** Brings the database's tables to this version; names what was applied. */
export const migrate = async (env: Env): Promise<readonly string[]> => {
  await using database = openDatabase({ url: env.databaseUrl, maxConnections: 1 })
  return (await database.migrate(migrationsDir)).applied
}
