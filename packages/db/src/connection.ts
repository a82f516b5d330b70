import type { Pool, PoolClient, PoolConfig } from 'pg'

/** Longest wait for a connection. Someone may be looking at a page meanwhile. */
const CONNECT_MS = 5_000
/** Postgres cancels a statement that runs longer; the client gives up a little later, when Postgres is stuck. */
const STATEMENT_MS = 25_000
const ANSWER_MS = 30_000

export const connectionConfig = (url: string) => ({
  connectionString: url,
  connectionTimeoutMillis: CONNECT_MS,
  keepAlive: true,
  application_name: 'corral',
})

/**
 * Whoever asks for less durability in postgresql.conf does not mean what we acknowledge: with `off` a commit is
 * reported before it is on disk. More than `on` (a standby has it too) stays.
 */
const DURABLE = `
  SELECT set_config('synchronous_commit', CASE now WHEN 'off' THEN 'on' ELSE now END, false)
  FROM current_setting('synchronous_commit') AS now`

export const poolConfig = (url: string, maxConnections: number): PoolConfig => ({
  ...connectionConfig(url),
  max: maxConnections,
  statement_timeout: STATEMENT_MS,
  query_timeout: ANSWER_MS,
  onConnect: (client) => client.query(DURABLE),
})

/** Does the work in one transaction on one connection; resolves after COMMIT. A failed connection is not used again. */
export const inTransaction = async <T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> => {
  const client = await pool.connect()
  // A lost connection rejects the query in flight; without a listener its event would also end the process.
  const ignore = (): void => {}
  client.on('error', ignore)
  let failed = true
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    failed = false
    return result
  } finally {
    client.off('error', ignore)
    client.release(failed)
  }
}
