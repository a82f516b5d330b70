import { METRIC_COUNT, METRIC_INDEX, type MetricKey } from '@corral/domain'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLivePoints, type LivePoints } from './live-points.ts'
import {
  countPoints,
  type FrameInput,
  type History,
  largest,
  lonelyPoints,
  nearestPoint,
  newestPoint,
  prepareFrame,
  recordingBegan,
} from './prepare.ts'

const METRICS: readonly MetricKey[] = ['cpuUsage', 'frozen']
const NAN = Number.NaN

const vector = (cpu: number, frozen = 0) => {
  const values = new Float32Array(METRIC_COUNT).fill(NAN)
  values[METRIC_INDEX.cpuUsage] = cpu
  values[METRIC_INDEX.frozen] = frozen
  return values
}

const livePoints = (points: readonly (readonly [sec: number, cpu: number, frozen?: number])[]): LivePoints => {
  const live = createLivePoints()
  for (const [sec, cpu, frozen] of points) live.push(sec, vector(cpu, frozen))
  return live
}

const historyOf = (startSec: number, stepSec: number, cpu: readonly number[], frozen?: readonly number[]): History => {
  const rows = [
    Float32Array.from(cpu),
    Float32Array.from(frozen ?? cpu.map((value) => (Number.isNaN(value) ? NAN : 0))),
  ]
  return {
    metrics: METRICS,
    series: {
      startSec,
      stepSec,
      points: cpu.length,
      avg: rows,
      peak: rows.map((row) => row.map((v) => v * 2)),
      tail: 'complete',
    },
    coveredToSec: startSec + cpu.length * stepSec,
  }
}

const frame = (input: Partial<FrameInput>) =>
  prepareFrame({
    history: null,
    live: createLivePoints(),
    fromSec: 100,
    toSec: 105,
    stepSec: 1,
    metrics: METRICS,
    ...input,
  })

const cpu = (input: Partial<FrameInput>) => frame(input).avg.get('cpuUsage')

describe('prepareFrame', () => {
  it('draws live points alone while there is no history', () => {
    const made = frame({
      live: livePoints([
        [103, 1],
        [104, 2],
        [105, 3],
      ]),
    })
    expect(made.times).toEqual([100, 101, 102, 103, 104, 105])
    expect(made.avg.get('cpuUsage')).toEqual([null, null, null, 1, 2, 3])
    expect(made.peak.size).toBe(0)
  })

  it('joins history and live points without a gap or a second drawn twice', () => {
    const history = historyOf(100, 1, [1, 2, 3, 4])
    expect(
      cpu({
        history,
        live: livePoints([
          [102, 30],
          [103, 40],
          [104, 5],
          [105, 6],
        ]),
      }),
    ).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('fills what history does not have yet from live points, and leaves the rest a gap', () => {
    const history = historyOf(100, 1, [1, NAN, NAN, 4])
    expect(
      cpu({
        history,
        live: livePoints([
          [102, 3],
          [104, 5],
        ]),
      }),
    ).toEqual([1, null, 3, 4, 5, null])
  })

  it('never turns a missing value into zero', () => {
    expect(
      cpu({
        live: livePoints([
          [101, NAN],
          [102, Number.POSITIVE_INFINITY],
          [103, 0],
        ]),
      }),
    ).toEqual([null, null, null, 0, null, null])
  })

  it('averages live seconds into the steps of a longer range, in phase with history', () => {
    const history = historyOf(65, 10, [1, 2, 3])
    const live = livePoints([
      [94, 9],
      [95, 4],
      [96, 6],
      [105, 7],
    ])
    const made = frame({ history, live, fromSec: 70, toSec: 106 })
    expect(made.stepSec).toBe(10)
    expect(made.avg.get('cpuUsage')).toEqual([1, 2, 3, 5, 7])
    expect(made.peak.get('cpuUsage')).toEqual([2, 4, 6, 6, 7])
    expect(made.times).toEqual([69.5, 79.5, 89.5, 99.5, 106])
  })

  it('completes the step that was open when history answered', () => {
    const history = { ...historyOf(100, 10, [2]), coveredToSec: 104 }
    const live = livePoints([
      [102, 50],
      [104, 8],
      [105, 8],
      [106, 8],
      [107, 8],
    ])
    // Four seconds of 2 from history, four of 8 since then; what history had already is not counted again.
    expect(cpu({ history, live, fromSec: 100, toSec: 107 })).toEqual([5])
  })

  it('marks what was frozen, from history and live points alike', () => {
    const history = historyOf(100, 1, [1, 0, 0], [0, 1, 1])
    const made = frame({
      history,
      live: livePoints([
        [103, 0, 1],
        [104, 2, 0],
      ]),
    })
    expect(made.frozen).toEqual([{ fromSec: 101, toSec: 104 }])
  })

  it('cuts history to the window on both sides', () => {
    const history = historyOf(
      90,
      1,
      Array.from({ length: 40 }, (_, i) => i),
    )
    expect(cpu({ history })).toEqual([10, 11, 12, 13, 14, 15])
  })

  it('is empty, not broken, where there is nothing', () => {
    const made = frame({})
    expect(made.firstSec).toBeNull()
    expect(made.frozen).toEqual([])
    expect(countPoints(made.avg.get('cpuUsage') ?? [])).toBe(0)
    expect(frame({ fromSec: 10, toSec: 0 }).times).toEqual([])
  })

  it('keeps time in order and every live second once, whatever arrives', () => {
    const arrivals = fc.array(fc.tuple(fc.integer({ min: 1_000, max: 1_300 }), fc.integer({ min: 0, max: 9 })))
    fc.assert(
      fc.property(
        arrivals,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 120 }),
        (points, step, length) => {
          const live = livePoints(points)
          const history =
            length === 0 ? null : historyOf(1_000 - (1_000 % step), step, new Array<number>(length).fill(1))
          const made = frame({ history, live, fromSec: 1_000, toSec: 1_300, stepSec: step })
          expect(made.times.every((sec, i) => i === 0 || sec >= (made.times[i - 1] ?? 0))).toBe(true)
          for (const value of made.avg.get('cpuUsage') ?? [])
            expect(value === null || (value >= 0 && value <= 9)).toBe(true)
          if (step === 1 && history === null) expect(countPoints(made.avg.get('cpuUsage') ?? [])).toBe(live.count)
        },
      ),
    )
  })
})

describe('recordingBegan', () => {
  it('is known only when the earliest point lies inside the range', () => {
    expect(recordingBegan(frame({ live: livePoints([[104, 1]]) }))).toBe(104)
    expect(
      recordingBegan(
        frame({
          live: livePoints([
            [100, 1],
            [104, 1],
          ]),
        }),
      ),
    ).toBeNull()
    expect(recordingBegan(frame({}))).toBeNull()
  })
})

describe('points', () => {
  it('finds the newest, the largest, the lonely and the nearest', () => {
    const points = [null, 1, null, 3, 2, null]
    expect(newestPoint(points)).toBe(4)
    expect(newestPoint([null])).toBe(-1)
    expect(largest([points, [7, null]])).toBe(7)
    expect(largest([])).toBe(0)
    expect(lonelyPoints(points)).toEqual([1])
    expect(lonelyPoints([5])).toEqual([0])
    const made = frame({})
    expect(nearestPoint(made, 102.4)).toBe(2)
    expect(nearestPoint(made, 9_999)).toBe(5)
    expect(nearestPoint(frame({ fromSec: 10, toSec: 0 }), 5)).toBe(-1)
  })
})
