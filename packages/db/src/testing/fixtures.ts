import {
  BLOCK_VALUES,
  type BootId,
  type CgroupId,
  type ContainerDescription,
  type ContainerId,
  type GroupPath,
  isBootId,
  isCgroupId,
} from '@corral/domain'
import { Client } from 'pg'
import type { Database, HostRow, NewHost } from '../database.ts'
import { openDatabase } from '../open.ts'
import { repoMigrations, startTestPostgres, type TestPostgres } from './postgres.ts'

/** Values for tests: the smallest that are whole. */

const BOOT: BootId = ((text: string) => {
  if (!isBootId(text)) throw new Error(text)
  return text
})('11111111-2222-4333-8444-555555555555')

export const cgroup = (n: number): CgroupId => {
  const text = String(n)
  if (!isCgroupId(text)) throw new Error(text)
  return text
}

export const newHost = (name = 'ash'): NewHost => ({
  name,
  publicKey: new Uint8Array(32).fill(7),
  facts: {
    name,
    kernel: '6.12.1',
    layout: 'v2',
    cpus: 4,
    memoryBytes: 2 ** 40,
    version: '0.1.0',
    canAct: true,
    whyNot: null,
  },
})

export const describeContainer = (n: number, more: Partial<ContainerDescription> = {}): ContainerDescription => ({
  bootId: BOOT,
  cgroupId: cgroup(n),
  path: `/c${n}` as GroupPath,
  name: `c${n}`,
  runtime: 'plain',
  image: null,
  labels: {},
  protection: null,
  startedSec: 1_795_478_400.25,
  ...more,
})

/** A block in which every point is different; `gaps` are left out. */
export const blockValues = (gaps: readonly number[] = []): Float32Array => {
  const values = Float32Array.from({ length: BLOCK_VALUES }, (_, i) => i + 0.5)
  for (const gap of gaps) values[gap] = Number.NaN
  return values
}

/** A migrated database in a Postgres of its own. */
export const startTestDatabase = async (): Promise<
  { readonly postgres: TestPostgres; readonly database: Database } & AsyncDisposable
> => {
  const postgres = await startTestPostgres()
  const database = openDatabase({ url: postgres.url })
  await database.migrate(repoMigrations)
  return {
    postgres,
    database,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]()
      await postgres[Symbol.asyncDispose]()
    },
  }
}

/** One host with containers 1 … `count`; their ids in that order, and the first of them. */
export const enrolHost = async (
  database: Database,
  count = 1,
): Promise<{ host: HostRow; containerIds: ContainerId[]; first: ContainerId }> => {
  const host = await database.hosts.create({ ...newHost(), labels: {} })
  const descriptions = Array.from({ length: count }, (_, i) => describeContainer(i + 1))
  const containerIds = [...(await database.containers.upsert(host.id, descriptions, new Date())).values()]
  const [first] = containerIds.sort((a, b) => Number(a) - Number(b))
  if (!first) throw new Error('no container')
  return { host, containerIds, first }
}

/** Asks Postgres itself, past the code under test. */
export const askSql = async <Row extends object>(url: string, text: string, values: unknown[] = []): Promise<Row[]> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(text, values)
    return rows as Row[]
  } finally {
    await client.end()
  }
}
