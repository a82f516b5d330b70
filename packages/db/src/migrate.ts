import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CorralError } from '@corral/domain'
import { Client } from 'pg'
import { connectionConfig } from './connection.ts'
import { guarded } from './faults.ts'

/**
 * Applies a folder of Prisma migrations (`<name>/migration.sql`) and keeps `_prisma_migrations` as Prisma does, so
 * that `prisma migrate` can be used on the same database: the same table, the same SHA-256 of the file in hex, the
 * same advisory lock. Unlike Prisma, each migration and its row are one transaction: none is ever half applied.
 */

/** The key of the advisory lock that Prisma's schema engine takes. */
const PRISMA_LOCK = 72_707_369

const OLDEST_VERSION = 15

const MIGRATIONS_TABLE = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`

interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

const readMigrations = (folder: string): Migration[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))

interface Applied {
  readonly migration_name: string
  readonly checksum: string
  readonly finished_at: Date | null
}

/** What is still to do. Throws `internal` where the database has gone another way than the folder. */
const compare = (migrations: readonly Migration[], applied: readonly Applied[]): Migration[] => {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const row of applied) {
    const name = row.migration_name
    if (row.finished_at === null)
      throw new CorralError('internal', `the migration ${name} failed half-way; see prisma migrate resolve`)
    const migration = known.get(name)
    if (!migration)
      throw new CorralError('internal', `the database is from a newer Corral: it has the migration ${name}. Update.`)
    if (migration.checksum !== row.checksum)
      throw new CorralError('internal', `the migration ${name} was changed after it had been applied`)
  }
  const done = new Set(applied.map((row) => row.migration_name))
  return migrations.filter((migration) => !done.has(migration.name))
}

const apply = async (client: Client, migration: Migration): Promise<void> => {
  await client.query('BEGIN')
  await client.query(migration.sql)
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, clock_timestamp(), 1)`,
    [randomUUID(), migration.checksum, migration.name],
  )
  await client.query('COMMIT')
}

const applyNew = async (url: string, migrations: readonly Migration[]): Promise<{ applied: string[] }> => {
  // A connection of its own: it holds the lock, and a migration may take longer than any other statement.
  const client = new Client(connectionConfig(url))
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows: versions } = await client.query<{ version: number }>(
      `SELECT current_setting('server_version_num')::int AS version`,
    )
    const version = Math.floor((versions[0]?.version ?? 0) / 10_000)
    if (version < OLDEST_VERSION)
      throw new CorralError('internal', `this is Postgres ${version}; Corral needs ${OLDEST_VERSION} or newer`)
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK])
    await client.query(MIGRATIONS_TABLE)
    const { rows } = await client.query<Applied>(
      'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    )
    const todo = compare(migrations, rows)
    for (const migration of todo) await apply(client, migration)
    return { applied: todo.map((migration) => migration.name) }
  } finally {
    // Gives back the lock, and rolls back what was not committed.
    await client.end().catch(() => {})
  }
}

/** Applies what is new; names it. Several callers at once wait for each other. */
export const migrate = async (url: string, folder: string): Promise<{ applied: string[] }> => {
  const migrations = readMigrations(folder)
  return guarded(() => applyNew(url, migrations))
}
