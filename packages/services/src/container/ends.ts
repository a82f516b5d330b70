import type { Database, InterventionEnd } from '@corral/db'
import type { Log } from '../log.ts'

/** How often the end of an intervention is tried again while the database is away, and how many may wait. */
const RETRY_MS = 2000
const MOST_WAITING = 10_000

/**
 * Writes down how interventions ended. What was done was done, whatever the database says now: an end that cannot
 * be written is kept and tried again until it is.
 */
export interface InterventionEnds extends AsyncDisposable {
  /** Resolves when the end is written, or kept for later. Never rejects. */
  finish(id: string, end: InterventionEnd): Promise<void>
}

export const createInterventionEnds = (database: Database, log: Log): InterventionEnds => {
  const waiting = new Map<string, InterventionEnd>()
  const underway = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | null = null

  const writeWaiting = async (): Promise<void> => {
    for (const [id, end] of [...waiting]) {
      await database.interventions.finish(id, end)
      waiting.delete(id)
    }
  }

  const again = (): void => {
    timer ??= setTimeout(() => {
      timer = null
      writeWaiting().catch(again)
    }, RETRY_MS)
    timer.unref()
  }

  const write = async (id: string, end: InterventionEnd): Promise<void> => {
    try {
      await database.interventions.finish(id, end)
    } catch (error) {
      log.error({ interventionId: id, end, err: error }, 'the end of an intervention waits for the database')
      if (waiting.size < MOST_WAITING) waiting.set(id, end)
      again()
    }
  }

  return {
    finish: async (id, end) => {
      const writing = write(id, end)
      underway.add(writing)
      await writing
      underway.delete(writing)
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(underway)
      if (timer) clearTimeout(timer)
      // The log has what cannot be written now.
      await writeWaiting().catch(() => {})
    },
  }
}
