import { BLOCK_VALUES, CONTAINER_STATES, METRIC_COUNT, RUNTIMES, SMALL_VECTOR_LENGTH } from '@corral/domain'
import { z } from 'zod'
import { bootId, cgroupId, floats, groupPath, hostText, unixSec } from './scalars.ts'

/** What an agent reports: who is there, how they stand, live values and sealed blocks. */

/** Most containers one agent may report; what is beyond is counted in `omitted` and shown. */
export const MOST_CONTAINERS = 4096
const MOST_LABELS = 64

export const freezeLease = z.strictObject({
  leaseId: z.uuid(),
  cgroupId,
  actor: hostText(200),
  reason: hostText(500).nullable(),
  sinceSec: unixSec,
  untilSec: unixSec.nullable(),
})

export const containerDescription = z.strictObject({
  bootId,
  cgroupId,
  path: groupPath,
  name: hostText(1100),
  runtime: z.enum(RUNTIMES),
  image: hostText(500).nullable(),
  labels: z
    .record(hostText(200), hostText(500))
    .refine((labels) => Object.keys(labels).length <= MOST_LABELS, `more than ${MOST_LABELS} labels`),
  protection: hostText(300).nullable(),
  startedSec: unixSec,
})

/** The full set of what is there now; sent after connecting and whenever it changes. */
export const inventoryReport = z.strictObject({
  bootId,
  containers: z.array(containerDescription).max(MOST_CONTAINERS),
  leases: z.array(freezeLease).max(MOST_CONTAINERS),
  omitted: z.number().int().min(0),
})
export type InventoryReport = z.infer<typeof inventoryReport>

/** What Corral itself costs on this host. */
const agentCost = z.strictObject({
  /** Cores used by agent and warden over the last tick. */
  cpuCores: z.number().min(0),
  rssBytes: z.number().min(0),
})
export type AgentCost = z.infer<typeof agentCost>

export const liveReport = z
  .strictObject({
    bootId,
    /** Unix time of the tick in seconds; whole. */
    atSec: unixSec,
    ids: z.array(cgroupId).max(MOST_CONTAINERS),
    /** Index into CONTAINER_STATES, one per id. */
    states: z.instanceof(Uint8Array),
    /** `ids.length × (full ? METRIC_COUNT : SMALL_VECTOR_LENGTH)` values, one container after the other. */
    values: floats(MOST_CONTAINERS * METRIC_COUNT),
    full: z.boolean(),
    cost: agentCost,
  })
  .refine(
    (report) =>
      report.states.length === report.ids.length &&
      report.values.length === report.ids.length * (report.full ? METRIC_COUNT : SMALL_VECTOR_LENGTH) &&
      report.states.every((state) => state < CONTAINER_STATES.length),
    'ids, states and values disagree',
  )
export type LiveReport = z.infer<typeof liveReport>

const sealedBlock = z.strictObject({
  bootId,
  cgroupId,
  /** Unix time of the first point in seconds; a multiple of 60. */
  startSec: unixSec.refine((sec) => sec % 60 === 0, 'not on a minute'),
  values: floats(BLOCK_VALUES).refine((values) => values.length === BLOCK_VALUES, `not ${BLOCK_VALUES} values`),
})
export type SealedBlock = z.infer<typeof sealedBlock>

/** Most blocks in one upload: keeps a frame below `AGENT_FRAME_BYTES`. */
export const MOST_BLOCKS = 128

/** Sealed blocks with the descriptions of the containers they belong to (which may have ended since). */
export const blockUpload = z.strictObject({
  containers: z.array(containerDescription).max(MOST_BLOCKS),
  blocks: z.array(sealedBlock).max(MOST_BLOCKS),
})
export type BlockUpload = z.infer<typeof blockUpload>
