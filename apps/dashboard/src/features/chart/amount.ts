import type { MetricUnit } from '@corral/domain'
import { byteRate, bytes, cores, count, percent, perSecond, type Quantity } from '../../ui/format.ts'

/** A metric's value as people read it; null is missing. */
export const amountOf = (unit: MetricUnit, value: number | null): Quantity => {
  switch (unit) {
    case 'cores':
      return cores(value)
    case 'ratio':
      return percent(value, value !== null && value > 0 && value < 0.0995 ? 1 : 0)
    case 'bytes':
      return bytes(value)
    case 'bytes/s':
      return byteRate(value)
    case '1/s':
      return perSecond(value)
    case 'count':
      return count(value)
  }
}
