import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDatabase } from './open.ts'
import { askSql } from './testing/fixtures.ts'
import { repoMigrations, startTestPostgres, type TestPostgres } from './testing/postgres.ts'

const FIRST = '20261124000000_first'

let postgres: TestPostgres
let folder: string
let url: string
let count = 0

beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterAll(() => postgres?.[Symbol.asyncDispose]())

/** Each test has a database and a copy of the migrations of its own. */
beforeEach(async () => {
  const name = `db_${count++}`
  await askSql(postgres.url, `CREATE DATABASE ${name}`)
  url = postgres.url.replace('/postgres?', `/${name}?`)
  folder = mkdtempSync(join(tmpdir(), 'corral-migrations-'))
  cpSync(repoMigrations, folder, { recursive: true })
  return () => rmSync(folder, { recursive: true, force: true })
})

const addMigration = (name: string, sql: string): void => {
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'migration.sql'), sql)
}

const migrate = async (): Promise<readonly string[]> => {
  await using database = openDatabase({ url })
  return (await database.migrate(folder)).applied
}

test('each migration is applied once, by whichever dashboard comes first', async () => {
  const applied = await Promise.all([migrate(), migrate(), migrate()])
  expect(applied.flat()).toEqual([FIRST])
  addMigration('20270101000000_second', 'CREATE TABLE second (id int)')
  expect(await migrate()).toEqual(['20270101000000_second'])
  expect(await migrate()).toEqual([])
})

test('what was applied is written down as Prisma does', async () => {
  await migrate()
  const rows = await askSql<Record<string, unknown>>(url, 'SELECT * FROM _prisma_migrations')
  const sql = readFileSync(join(folder, FIRST, 'migration.sql'))
  expect(rows).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      checksum: createHash('sha256').update(sql).digest('hex'),
      migration_name: FIRST,
      logs: null,
      started_at: expect.any(Date),
      finished_at: expect.any(Date),
      rolled_back_at: null,
      applied_steps_count: 1,
    },
  ])
})

test('a migration that fails leaves nothing behind, and those before it stay', async () => {
  addMigration('20270101000000_second', 'CREATE TABLE half (id int); SELECT 1 / 0;')
  await expect(migrate()).rejects.toThrow(/division by zero/)
  expect(await askSql(url, `SELECT to_regclass('half') AS half`)).toEqual([{ half: null }])
  rmSync(join(folder, '20270101000000_second'), { recursive: true })
  expect(await migrate()).toEqual([])
})

test('a migration that was changed after it had been applied is refused', async () => {
  await migrate()
  writeFileSync(join(folder, FIRST, 'migration.sql'), '-- another')
  await expect(migrate()).rejects.toThrow(/was changed after/)
})

test('a database from a newer version is left alone', async () => {
  addMigration('20270101000000_second', 'SELECT 1')
  await migrate()
  rmSync(join(folder, '20270101000000_second'), { recursive: true })
  await expect(migrate()).rejects.toThrow(/newer Corral/)
})

test('a folder that is not there is not a database that is down', async () => {
  folder = join(folder, 'none')
  await expect(migrate()).rejects.toMatchObject({ code: 'ENOENT' })
})
