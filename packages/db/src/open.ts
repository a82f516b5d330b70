import { Pool } from 'pg'
import { createBlocks } from './blocks/index.ts'
import { poolConfig } from './connection.ts'
import { createContainers } from './containers.ts'
import type { Database } from './database.ts'
import { guarded } from './faults.ts'
import { createHosts } from './hosts.ts'
import { createInterventions } from './interventions.ts'
import { migrate } from './migrate.ts'
import { createPrisma } from './prisma.ts'
import { createSessions } from './sessions.ts'
import { createTokens } from './tokens.ts'

export interface OpenOptions {
  /** `postgresql://…`; a unix socket as `?host=/folder`. */
  readonly url: string
  /** Most connections at once; 10 if not given. */
  readonly maxConnections?: number
}

/** Longest that a ping waits for its answer, once connected. */
const PING_MS = 2_000

/** Opens a pool of connections; none is made before the first question, so this cannot fail. */
export const openDatabase = ({ url, maxConnections = 10 }: OpenOptions): Database => {
  const pool = new Pool(poolConfig(url, maxConnections))
  // An idle connection that breaks is replaced at the next question; without a listener it would end the process.
  pool.on('error', () => {})
  const prisma = createPrisma(pool)
  const hosts = createHosts(prisma)
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await prisma.$disconnect()
    await pool.end()
  }
  return {
    migrate: (folder) => migrate(url, folder),
    ping: () =>
      guarded(async () => {
        // Whoever asks wants to know now; a Postgres that hangs is as far away as one that is gone.
        const query = { text: 'SELECT 1', query_timeout: PING_MS }
        await pool.query(query)
      }),
    authClient: prisma,
    hosts,
    tokens: createTokens(prisma, hosts),
    containers: createContainers(prisma),
    blocks: createBlocks(pool),
    interventions: createInterventions(prisma),
    sessions: createSessions(prisma),
    [Symbol.asyncDispose]: () => {
      closing ??= close()
      return closing
    },
  }
}
