import { timeOfDay } from '../../ui/format.ts'

const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/**
 * Labels of a time axis in the reader's time zone: hours and minutes, seconds where the steps are finer, the day at
 * midnight. `splits`: Unix seconds.
 */
export const clockTicks = (splits: readonly number[], stepSec: number): readonly string[] =>
  splits.map((sec) => {
    const text = timeOfDay(sec)
    if (stepSec < 60) return text
    return text === '00:00:00' ? days.format(sec * 1000) : text.slice(0, 5)
  })
