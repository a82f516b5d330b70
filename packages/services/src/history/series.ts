import { BLOCK_POINTS, blockStart, METRIC_INDEX, METRIC_KEYS, type MetricKey, summarizeBlock } from '@corral/domain'
import type { Series, Tail } from '@corral/protocol'
import { z } from 'zod'
import { authorize } from '../authorize.ts'
import { type FoundContainer, findContainer } from '../container/find.ts'
import { containerId } from '../container/freeze.ts'
import type { BrowserContext } from '../context.ts'
import { currentBoot } from '../hub/host-state.ts'
import { parse } from '../parse.ts'
import type { Services } from '../services.ts'
import { type Buckets, chooseGrid, createBuckets, type Grid } from './bucket.ts'

/** Up to this much is read point by point; beyond, minute by minute. */
const SECONDS_TIER_SEC = 2 * 3600
/** Longest time one question may span: what is kept, with room. */
const LONGEST_SEC = 93 * 86_400
/** Minutes that a host may not have handed over yet, even when all is well. */
const TAIL_SEC = 5 * 60
const TAIL_WITHIN_MS = 1000

const metricKey = z.string().refine((text): text is MetricKey => METRIC_KEYS.some((key) => key === text), 'no metric')
const unixSec = z.number().finite().min(0).max(253_402_300_799)

export const seriesInput = z
  .strictObject({
    containerId,
    metrics: z.array(metricKey).min(1).max(METRIC_KEYS.length),
    fromSec: unixSec,
    toSec: unixSec,
    /** Most points wanted; a chart asks for about one per pixel. */
    points: z.number().int().min(1).max(2000),
  })
  .refine(({ fromSec, toSec }) => toSec > fromSec && toSec - fromSec <= LONGEST_SEC, 'toSec must follow fromSec')

type SeriesQuestion = z.output<typeof seriesInput>

/**
 * The history of a container in at most `points` steps: stored blocks, and what its host has not handed over yet.
 */
export const readSeries = async (ctx: BrowserContext, input: z.input<typeof seriesInput>): Promise<Series> => {
  await authorize(ctx, 'history.read', { kind: 'container', id: input.containerId })
  const asked = parse(seriesInput, input)
  const { services } = ctx
  const found = await findContainer(services, asked.containerId)
  const bySeconds = asked.toSec - asked.fromSec <= SECONDS_TIER_SEC
  const grid = chooseGrid(asked.fromSec, asked.toSec, asked.points, bySeconds ? 1 : BLOCK_POINTS)
  const buckets = asked.metrics.map(() => createBuckets(grid))
  const [stored, tail] = await Promise.all([
    (bySeconds ? addSeconds : addMinutes)(services, found, asked, grid, buckets),
    readTail(services, found, asked),
  ])
  if (tail) addTail(tail, stored, asked.metrics, bySeconds, buckets)
  const results = buckets.map((bucket) => bucket.result())
  return {
    startSec: grid.startSec,
    stepSec: grid.stepSec,
    points: grid.count,
    avg: results.map(({ avg }) => avg),
    peak: results.map(({ peak }) => peak),
    tail: tail ? 'complete' : 'host-offline',
  }
}

const rangeOf = (found: FoundContainer, metrics: readonly MetricKey[], { startSec, stepSec, count }: Grid) => ({
  containerId: found.id,
  metrics,
  fromSec: startSec,
  toSec: startSec + stepSec * count,
})

/** Adds stored points; returns the minutes there are. */
const addSeconds = async (
  { database }: Services,
  found: FoundContainer,
  { metrics }: SeriesQuestion,
  grid: Grid,
  buckets: readonly Buckets[],
): Promise<ReadonlySet<number>> => {
  const blocks = await database.blocks.seconds(rangeOf(found, metrics, grid))
  for (const { startSec, values } of blocks)
    for (const [at, bucket] of buckets.entries()) bucket.addBlock(startSec, values, at * BLOCK_POINTS)
  return new Set(blocks.map(({ startSec }) => startSec))
}

/** Adds stored minutes; returns which there are. */
const addMinutes = async (
  { database }: Services,
  found: FoundContainer,
  { metrics }: SeriesQuestion,
  grid: Grid,
  buckets: readonly Buckets[],
): Promise<ReadonlySet<number>> => {
  const minutes = await database.blocks.minutes(rangeOf(found, metrics, grid))
  for (const { startSec, avg, peak } of minutes)
    for (const [at, bucket] of buckets.entries())
      bucket.addMinute(startSec, avg[at] ?? Number.NaN, peak[at] ?? Number.NaN)
  return new Set(minutes.map(({ startSec }) => startSec))
}

/** What the host has not handed over yet; empty if nothing of that is asked for, null if the host cannot be asked. */
const readTail = async (
  { hub, log }: Services,
  found: FoundContainer,
  { toSec }: SeriesQuestion,
): Promise<Tail | null> => {
  if (toSec < blockStart(Date.now() / 1000) - TAIL_SEC) return { blocks: [] }
  const host = hub.host(found.hostId)
  if (!host?.connection) return null
  if (currentBoot(host) !== found.description.bootId) return { blocks: [] }
  try {
    return await hub.tail(host, found.description.cgroupId, TAIL_WITHIN_MS)
  } catch (error) {
    log.debug({ hostId: found.hostId, err: error }, 'a host did not hand over its newest points in time')
    return null
  }
}

/** Adds what is not stored yet; a minute that is in both is the same points. */
const addTail = (
  tail: Tail,
  stored: ReadonlySet<number>,
  metrics: readonly MetricKey[],
  bySeconds: boolean,
  buckets: readonly Buckets[],
): void => {
  for (const { startSec, values } of tail.blocks) {
    if (stored.has(startSec)) continue
    const summary = bySeconds ? null : summarizeBlock(values)
    for (const [at, bucket] of buckets.entries()) {
      const metric = METRIC_INDEX[metrics[at] ?? 'cpuUsage']
      if (summary) bucket.addMinute(startSec, summary.avg[metric] ?? Number.NaN, summary.peak[metric] ?? Number.NaN)
      else bucket.addBlock(startSec, values, metric * BLOCK_POINTS)
    }
  }
}
