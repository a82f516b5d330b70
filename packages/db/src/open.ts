import { CorralError } from '@corral/domain'
import type { Database } from './database.ts'

export interface OpenOptions {
  /** `postgresql://…`; a unix socket as `?host=/folder`. */
  readonly url: string
  readonly maxConnections?: number
}

/** Opens a pool of connections; none is made before the first question. */
export const openDatabase = (options: OpenOptions): Database => {
  throw new CorralError('internal', `not written yet: ${options.url.length}`)
}
