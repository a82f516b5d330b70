import { createHash } from 'node:crypto'
import type {
  BlockRow,
  ContainerRow,
  Database,
  HostRow,
  InterventionEnd,
  InterventionRow,
  NewIntervention,
} from '@corral/db'
import {
  BLOCK_POINTS,
  type CgroupId,
  type ContainerId,
  CorralError,
  isContainerId,
  isHostId,
  METRIC_INDEX,
  summarizeBlock,
} from '@corral/domain'

/** A database in memory, for tests of what services make of it. What it keeps is open to be read and changed. */
export interface FakeDatabase extends Database {
  /** Every method throws `database-down` while this is true. */
  down: boolean
  /** What was asked and done, in order: `begin`, `finish`, `store`, `upsert` … */
  readonly calls: string[]
  readonly interventionRows: Map<string, InterventionRow>
  readonly hostRows: Map<string, HostRow>
  readonly containerRows: Map<string, ContainerRow>
  readonly blockRows: Map<string, BlockRow>
  readonly tokenHashes: Set<string>
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export const createFakeDatabase = (): FakeDatabase => {
  const calls: string[] = []
  const hostRows = new Map<string, HostRow>()
  const containerRows = new Map<string, ContainerRow>()
  const blockRows = new Map<string, BlockRow>()
  const interventionRows = new Map<string, InterventionRow>()
  const tokenHashes = new Set<string>()
  const idByKey = new Map<string, ContainerId>()

  const asked = async (name: string): Promise<void> => {
    await Promise.resolve()
    if (fake.down) throw new CorralError('database-down', 'refused')
    calls.push(name)
  }
  const makeHost = (host: Omit<HostRow, 'id' | 'enrolledAt' | 'seenAt'>): HostRow => {
    const id = createHash('sha256').update(`${hostRows.size}`).digest('hex')
    const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`
    if (!isHostId(uuid)) throw new Error(uuid)
    const row: HostRow = { ...host, id: uuid, enrolledAt: new Date(), seenAt: null }
    hostRows.set(uuid, row)
    return row
  }

  const fake: FakeDatabase = {
    down: false,
    calls,
    hostRows,
    containerRows,
    blockRows,
    interventionRows,
    tokenHashes,
    authClient: {},
    migrate: async () => ({ applied: [] }),
    ping: () => asked('ping'),
    hosts: {
      create: async (host) => {
        await asked('create host')
        return makeHost(host)
      },
      find: async (id) => {
        await asked('find host')
        return hostRows.get(id) ?? null
      },
      list: async () => {
        await asked('list hosts')
        return [...hostRows.values()]
      },
      touch: () => asked('touch'),
    },
    tokens: {
      create: async ({ hash }) => {
        await asked('create token')
        tokenHashes.add(hex(hash))
      },
      redeem: async (hash) => {
        await asked('redeem')
        return tokenHashes.delete(hex(hash)) ? { labels: {} } : null
      },
      redeemForHost: async (hash, host) => {
        await asked('redeem for host')
        return tokenHashes.delete(hex(hash)) ? makeHost({ ...host, labels: {} }) : null
      },
    },
    containers: {
      upsert: async (hostId, descriptions, at) => {
        await asked(`upsert ${descriptions.length}`)
        const ids = new Map<CgroupId, ContainerId>()
        for (const one of descriptions) {
          const key = `${hostId} ${one.bootId} ${one.cgroupId}`
          const found = containerRows.get(idByKey.get(key) ?? '')
          const id = found?.id ?? newContainerId(containerRows.size + 1)
          idByKey.set(key, id)
          containerRows.set(id, { ...one, id, hostId, firstSeen: found?.firstSeen ?? at, lastSeen: at })
          ids.set(one.cgroupId, id)
        }
        return ids
      },
      find: async (id) => {
        await asked('find container')
        return containerRows.get(id) ?? null
      },
    },
    blocks: {
      store: async (rows) => {
        await asked('store')
        let stored = 0
        for (const row of rows) {
          const key = `${row.containerId} ${row.startSec}`
          if (blockRows.has(key)) continue
          blockRows.set(key, row)
          stored += 1
        }
        return { stored, duplicate: rows.length - stored }
      },
      seconds: async ({ containerId, metrics, fromSec, toSec }) => {
        await asked('seconds')
        return blocksOf(blockRows, containerId, fromSec, toSec).map(({ startSec, values }) => ({
          startSec,
          values: Float32Array.from(
            metrics.flatMap((key) => {
              const from = METRIC_INDEX[key] * BLOCK_POINTS
              return [...values.subarray(from, from + BLOCK_POINTS)]
            }),
          ),
        }))
      },
      minutes: async ({ containerId, metrics, fromSec, toSec }) => {
        await asked('minutes')
        return blocksOf(blockRows, containerId, fromSec, toSec).map(({ startSec, values }) => {
          const { avg, peak } = summarizeBlock(values)
          const pick = (from: Float32Array) =>
            Float32Array.from(metrics, (key) => from[METRIC_INDEX[key]] ?? Number.NaN)
          return { startSec, avg: pick(avg), peak: pick(peak) }
        })
      },
      ensurePartitions: () => asked('ensure partitions'),
      dropOld: async () => {
        await asked('drop old')
        return []
      },
    },
    interventions: {
      begin: async (intent: NewIntervention) => {
        await asked('begin')
        const open = { at: new Date(), status: 'pending', code: null, detail: null, tookUsec: null } as const
        interventionRows.set(intent.id, { ...intent, ...open, result: null, finishedAt: null })
      },
      finish: async (id, end: InterventionEnd) => {
        await asked(`finish ${end.status} ${end.code}`)
        const row = interventionRows.get(id)
        if (row?.status === 'pending') interventionRows.set(id, { ...row, ...end, finishedAt: new Date() })
      },
      list: async ({ containerId, limit }) => {
        await asked('list interventions')
        const rows = [...interventionRows.values()].reverse()
        return rows.filter((row) => containerId === null || row.containerId === containerId).slice(0, limit)
      },
    },
    sessions: {
      find: async () => {
        await asked('find session')
        return null
      },
      alive: async () => new Set(),
    },
    [Symbol.asyncDispose]: async () => {},
  }
  return fake
}

const newContainerId = (n: number): ContainerId => {
  const id = String(n)
  if (!isContainerId(id)) throw new Error(id)
  return id
}

const blocksOf = (rows: ReadonlyMap<string, BlockRow>, containerId: string, fromSec: number, toSec: number) =>
  [...rows.values()]
    .filter((row) => row.containerId === containerId && row.startSec + BLOCK_POINTS > fromSec && row.startSec < toSec)
    .sort((a, b) => a.startSec - b.startSec)
