import { basename, resolve } from 'node:path'

/**
 * Folder of the dashboard. From sources this file is in `src/server` of it; in the bundle, `server.mjs` lies at its
 * top. The standalone build mirrors the repository, so what is found from there is the same in both.
 */
export const appDir =
  basename(import.meta.dirname) === 'server' ? resolve(import.meta.dirname, '../..') : import.meta.dirname

/** SQL files that bring the database to this version. */
export const migrationsDir = resolve(appDir, '../../prisma/migrations')
