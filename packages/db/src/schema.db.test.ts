import { afterAll, beforeAll, expect, test } from 'vitest'
import { BLOCK_COLUMNS } from './blocks/columns.ts'
import { openDatabase } from './open.ts'
import { askSql, startTestDatabase } from './testing/fixtures.ts'
import { repoMigrations } from './testing/postgres.ts'
import { type Column, readPrismaSchema, type Table } from './testing/prisma-schema.ts'

let run: Awaited<ReturnType<typeof startTestDatabase>>
beforeAll(async () => {
  run = await startTestDatabase()
  // Partitions are made at run time and are no part of the schema.
  await run.database.blocks.ensurePartitions(new Date())
})
afterAll(() => run?.[Symbol.asyncDispose]())

const OURS = `c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND c.relname <> '_prisma_migrations'`

const readColumns = (url: string) =>
  askSql<{ table: string; column: string } & Column>(
    url,
    `SELECT c.relname AS table, attname AS column, format_type(atttypid, atttypmod) AS type,
       CASE WHEN atttypid::regtype::text LIKE '%[]' THEN NULL ELSE attnotnull END AS "notNull",
       pg_get_expr(adbin, adrelid) AS default
     FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
       LEFT JOIN pg_attrdef d ON adrelid = c.oid AND adnum = attnum
     WHERE ${OURS} AND c.relkind IN ('r', 'p') ORDER BY c.relname, attnum`,
  )

const readIndexes = (url: string) =>
  askSql<{ table: string; name: string; definition: string }>(
    url,
    `SELECT c.relname AS table, i.relname AS name,
       CASE WHEN indisunique THEN 'unique ' ELSE '' END
         || regexp_replace(pg_get_indexdef(indexrelid), '^.* USING btree ', '') AS definition
     FROM pg_index JOIN pg_class c ON c.oid = indrelid JOIN pg_class i ON i.oid = indexrelid WHERE ${OURS}`,
  )

const readForeignKeys = (url: string) =>
  askSql<{ table: string; name: string; definition: string }>(
    url,
    `SELECT c.relname AS table, conname AS name, pg_get_constraintdef(k.oid) AS definition
     FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid WHERE ${OURS} AND contype = 'f'`,
  )

/** The tables as they are; an action that Postgres does not print is NO ACTION, which Prisma would not choose. */
const readDatabase = async (url: string): Promise<Record<string, Table>> => {
  const tables: Record<string, Table> = {}
  for (const { table, column, ...rest } of await readColumns(url)) {
    tables[table] ??= { columns: {}, indexes: {}, foreignKeys: {} }
    tables[table].columns[column] = rest
  }
  const unquoted = (text: string): string => text.replaceAll('"', '')
  for (const { table, name, definition } of await readIndexes(url))
    if (tables[table]) tables[table].indexes[name] = unquoted(definition)
  for (const { table, name, definition } of await readForeignKeys(url)) {
    const text = unquoted(definition).replace('FOREIGN KEY ', '').replace(' REFERENCES ', ' -> ')
    if (tables[table]) tables[table].foreignKeys[name] = text
  }
  return tables
}

/** Another migrated database on the same server; its URL. */
const makeDatabase = async (name: string): Promise<string> => {
  await askSql(run.postgres.url, `CREATE DATABASE ${name}`)
  const url = run.postgres.url.replace('/postgres?', `/${name}?`)
  await using database = openDatabase({ url })
  await database.migrate(repoMigrations)
  return url
}

test('the migrated database and schema.prisma agree on every column, key, index and default', async () => {
  const schema = readPrismaSchema()
  expect(Object.keys(schema)).toHaveLength(9)
  expect(await readDatabase(run.postgres.url)).toEqual(schema)
})

test('block_second has the metrics of the metric table, in its order', async () => {
  const { columns } = (await readDatabase(run.postgres.url)).block_second ?? { columns: {} }
  expect(Object.keys(columns)).toEqual(BLOCK_COLUMNS)
})

/** The seeded fault for the first test. */
test.each([
  ['a column more', 'ALTER TABLE host ADD COLUMN more int'],
  ['another type', 'ALTER TABLE host ALTER COLUMN name TYPE varchar(20)'],
  ['a column that may be empty', 'ALTER TABLE host ALTER COLUMN name DROP NOT NULL'],
  ['another default', `ALTER TABLE "user" ALTER COLUMN role SET DEFAULT 'admin'`],
  ['an index less', 'DROP INDEX user_email_key'],
  ['a foreign key less', 'ALTER TABLE session DROP CONSTRAINT session_user_id_fkey'],
  ['a table more', 'CREATE TABLE more (id int)'],
])('the comparison sees %s', async (name, change) => {
  const url = await makeDatabase(name.replaceAll(' ', '_'))
  expect(await readDatabase(url)).toEqual(readPrismaSchema())
  await askSql(url, change)
  expect(await readDatabase(url)).not.toEqual(readPrismaSchema())
})
