import { CorralError } from '@corral/domain'
import type { Services } from '../services.ts'

/**
 * Makes sure that every enrolled host is listed, also those that have not connected since this process started. A
 * database that is away takes nothing from the live view: then those that are connected are all there is.
 */
export const listKnownHosts = async ({ database, hub, log }: Services): Promise<void> => {
  try {
    hub.learn(await database.hosts.list())
  } catch (error) {
    if (!(error instanceof CorralError) || error.code !== 'database-down') throw error
    log.warn({ err: error }, 'hosts that are not connected cannot be listed')
  }
}
