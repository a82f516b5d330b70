import { BLOCK_VALUES, type BootId, type CgroupId, type ContainerDescription, isCgroupId } from '@corral/domain'
import { containerDescription } from '@corral/protocol'
import { parseJson } from '../shared/lines.ts'

/** A sealed minute of one container, with the description it had, since it may be gone when the block is sent. */
export interface RecordedBlock {
  readonly bootId: BootId
  readonly cgroupId: CgroupId
  readonly startSec: number
  /** `BLOCK_VALUES` values, metric-major. */
  readonly values: Float32Array<ArrayBuffer>
  readonly container: ContainerDescription
}

/**
 * Payload of a block in the log, little endian: u64 cgroup id, u64 first second, u32 length of the description,
 * description as JSON, `BLOCK_VALUES` floats.
 */
const HEAD_BYTES = 20

export const encodeBlock = (block: RecordedBlock): Buffer => {
  const json = Buffer.from(JSON.stringify(block.container))
  const payload = Buffer.allocUnsafe(HEAD_BYTES + json.length + BLOCK_VALUES * 4)
  payload.writeBigUInt64LE(BigInt(block.cgroupId), 0)
  payload.writeBigUInt64LE(BigInt(block.startSec), 8)
  payload.writeUInt32LE(json.length, 16)
  json.copy(payload, HEAD_BYTES)
  const { buffer, byteOffset } = block.values
  payload.set(new Uint8Array(buffer, byteOffset, BLOCK_VALUES * 4), HEAD_BYTES + json.length)
  return payload
}

/** The cgroup id in a block's payload: what the log is searched by. */
export const keyOfBlock = (payload: Uint8Array): string =>
  payload.length < 8 ? '' : String(new DataView(payload.buffer, payload.byteOffset).getBigUint64(0, true))

/** The block in a payload, or null if it is none of ours (another version, or damaged before its checksum). */
export const decodeBlock = (payload: Uint8Array): RecordedBlock | null => {
  if (payload.length < HEAD_BYTES) return null
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length)
  const jsonEnd = HEAD_BYTES + bytes.readUInt32LE(16)
  if (bytes.length !== jsonEnd + BLOCK_VALUES * 4) return null
  const container = containerDescription.safeParse(parseJson(bytes.toString('utf8', HEAD_BYTES, jsonEnd)))
  const cgroupId = keyOfBlock(payload)
  if (!container.success || !isCgroupId(cgroupId)) return null
  // Copied: floats must lie on a multiple of four, and the payload is somewhere in a larger buffer.
  const values = new Float32Array(BLOCK_VALUES)
  new Uint8Array(values.buffer).set(bytes.subarray(jsonEnd))
  return {
    bootId: container.data.bootId,
    cgroupId,
    startSec: Number(bytes.readBigUInt64LE(8)),
    values,
    container: container.data,
  }
}
