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

/** What stands before `payload`: written apart, so that a large payload is not copied. */
export const recordHead = (sequence: number, payload: Uint8Array): Buffer => {
  const head = Buffer.allocUnsafe(RECORD_HEAD_BYTES)
  head.writeUInt32LE(payload.length, 0)
  head.writeBigUInt64LE(BigInt(sequence), 8)
  head.writeUInt32LE(crc32(payload, crc32(head.subarray(8))), 4)
  return head
}

/** Head and payload as one piece. */
export const encodeRecord = (sequence: number, payload: Uint8Array): Buffer =>
  Buffer.concat([recordHead(sequence, payload), payload])

/** The record that begins at `at`, or null if there is no whole and undamaged one. */
export const decodeRecord = (bytes: Buffer, at: number): LogRecord | null => {
  if (at + RECORD_HEAD_BYTES > bytes.length) return null
  const length = bytes.readUInt32LE(at)
  const offset = at + RECORD_HEAD_BYTES
  const end = offset + length
  if (length > LONGEST_PAYLOAD || end > bytes.length) return null
  if (crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) return null
  const sequence = bytes.readBigUInt64LE(at + 8)
  if (sequence > BigInt(Number.MAX_SAFE_INTEGER)) return null
  return { sequence: Number(sequence), offset, payload: bytes.subarray(offset, end) }
}

/** All whole records from the beginning; `goodBytes` is where the first torn or damaged one begins. */
export const scanRecords = (bytes: Buffer): { readonly records: readonly LogRecord[]; readonly goodBytes: number } => {
  const records: LogRecord[] = []
  let goodBytes = 0
  for (let record = decodeRecord(bytes, 0); record; record = decodeRecord(bytes, goodBytes)) {
    records.push(record)
    goodBytes = record.offset + record.payload.length
  }
  return { records, goodBytes }
}
