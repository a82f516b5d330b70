import { type DestinationStream, destination, type Logger, pino } from 'pino'

export type { Logger }

const stderr = (): DestinationStream => destination({ fd: 2, sync: true })

/** One JSON line per entry on standard error. `CORRAL_LOG_LEVEL` is for people who debug; `info` is the rule. */
export const openLogger = (name: string): Logger =>
  pino({ name, level: process.env.CORRAL_LOG_LEVEL ?? 'info' }, stderr())
