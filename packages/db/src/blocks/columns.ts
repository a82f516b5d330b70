import { BLOCK_POINTS, BLOCK_VALUES, CorralError, METRIC_KEYS, type MetricKey } from '@corral/domain'
import type { BlockRow } from '../database.ts'

/** How `block_second` names things, and which blocks it takes. */

/** `cpuUsage` → `cpu_usage`. The keys are our own constants, so the names need no quoting. */
export const metricColumn = (key: MetricKey): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const METRIC_COLUMNS: readonly string[] = METRIC_KEYS.map(metricColumn)

/** All columns, in the order in which a row is loaded. */
export const BLOCK_COLUMNS: readonly string[] = ['container_id', 'start', ...METRIC_COLUMNS, 'avg', 'peak']

export const DAY_SEC = 86_400

/** 9999-12-31: names of days have four digits of year. */
const LAST_SEC = 253_402_300_799

/** Throws `bad-input` for a block that is not on a minute or not of a block's size. */
export const checkBlock = ({ startSec, values }: BlockRow): void => {
  if (!(Number.isInteger(startSec) && startSec >= 0 && startSec <= LAST_SEC && startSec % BLOCK_POINTS === 0))
    throw new CorralError('bad-input', `a block cannot start at ${startSec}`)
  if (values.length !== BLOCK_VALUES)
    throw new CorralError('bad-input', `a block has ${BLOCK_VALUES} values, not ${values.length}`)
}
