import type { Database } from '@corral/db'
import { type Auth, createAuth } from './auth/auth.ts'
import { createInterventionEnds, type InterventionEnds } from './container/ends.ts'
import { createUpkeep, type Upkeep } from './history/upkeep.ts'
import { createHub, type Hub } from './hub/hub.ts'
import { createTokenBucket, type TokenBucket } from './hub/token-bucket.ts'
import { type Keys, openKeys } from './keys.ts'
import type { Log } from './log.ts'

/** Everything that verbs work with. One per process. */
export interface Services extends AsyncDisposable {
  readonly database: Database
  readonly auth: Auth
  readonly hub: Hub
  readonly keys: Keys
  readonly log: Log
  /** Where people and agents reach this dashboard, without a slash at the end. */
  readonly publicUrl: string
  readonly version: string
  /** Ends of interventions that could not be written down yet. */
  readonly ends: InterventionEnds
  /** Makes and drops the partitions of history. */
  readonly upkeep: Upkeep
  /** Bounds how often tokens are tried, over all connections. */
  readonly enrolments: TokenBucket
  /** Bounds how often one person acts, by user id. */
  actsOf(userId: string): TokenBucket
}

export interface ServicesOptions {
  readonly database: Database
  /** Folder for the dashboard's own secrets; made if it is not there. */
  readonly secretDir: string
  readonly publicUrl: string
  readonly version: string
  readonly log: Log
}

/** Reads or makes the keys and wires everything; opens no socket and asks nothing of the database yet. */
export const createServices = ({ database, secretDir, publicUrl, version, log }: ServicesOptions): Services => {
  const keys = openKeys(secretDir)
  const address = publicUrl.replace(/\/+$/, '')
  const hub = createHub()
  const ends = createInterventionEnds(database, log)
  const acts = new Map<string, TokenBucket>()
  return {
    database,
    auth: createAuth({ database, keys, publicUrl: address, log }),
    hub,
    keys,
    log,
    publicUrl: address,
    version,
    ends,
    upkeep: createUpkeep(database, log),
    enrolments: createTokenBucket({ burst: 100, perSec: 20 }),
    actsOf: (userId) => {
      const bucket = acts.get(userId) ?? createTokenBucket({ burst: 1000, perSec: 100 })
      acts.set(userId, bucket)
      return bucket
    },
    [Symbol.asyncDispose]: async () => {
      hub[Symbol.dispose]()
      await ends[Symbol.asyncDispose]()
    },
  }
}
