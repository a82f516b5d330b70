import { crc32 } from 'node:zlib'

/**
 * One record of a log: u32 payload length, u32 CRC-32 of sequence and payload, u64 sequence, payload; little endian.
 */
export const RECORD_HEAD_BYTES = 16
/** Longest payload: what claims to be longer is taken as torn. */
const LONGEST_PAYLOAD = 4 * 1024 * 1024

export interface LogRecord {
  readonly sequence: number
  /** Where the payload begins in the scanned bytes. */
  readonly offset: number
  readonly payload: Buffer
}

export const encodeRecord = (sequence: number, payload: Uint8Array): Buffer => {
  const record = Buffer.allocUnsafe(RECORD_HEAD_BYTES + payload.length)
  record.writeUInt32LE(payload.length, 0)
  record.writeBigUInt64LE(BigInt(sequence), 8)
  record.set(payload, RECORD_HEAD_BYTES)
  record.writeUInt32LE(crc32(record.subarray(8)), 4)
  return record
}

/** All whole records from the beginning; `goodBytes` is where the first torn or damaged one begins. */
export const scanRecords = (bytes: Buffer): { readonly records: readonly LogRecord[]; readonly goodBytes: number } => {
  const records: LogRecord[] = []
  let at = 0
  while (at + RECORD_HEAD_BYTES <= bytes.length) {
    const end = at + RECORD_HEAD_BYTES + bytes.readUInt32LE(at)
    if (end > bytes.length || end - at - RECORD_HEAD_BYTES > LONGEST_PAYLOAD) break
    if (crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) break
    const offset = at + RECORD_HEAD_BYTES
    records.push({ sequence: Number(bytes.readBigUInt64LE(at + 8)), offset, payload: bytes.subarray(offset, end) })
    at = end
  }
  return { records, goodBytes: at }
}
