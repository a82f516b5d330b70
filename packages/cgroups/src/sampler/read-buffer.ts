import { readSync } from 'node:fs'

const FIRST_BYTES = 64 * 1024
/** A file of this size comes from thousands of devices or interfaces; it is a gap rather than a stall. */
const MOST_BYTES = 1024 * 1024

/** The one buffer that all files are read into; it grows when a file fills it. */
export interface ReadBuffer {
  bytes: Uint8Array
  /** Reads a file that is one record from its start; returns its length. Throws as `readSync`; RangeError if too long. */
  readWhole(fd: number): number
  /** Reads a file that is many records, from where it stands to its end. Throws likewise. */
  readOn(fd: number): number
}

export const createReadBuffer = (): ReadBuffer => {
  const grow = (): void => {
    if (buffer.bytes.length >= MOST_BYTES) throw new RangeError('the file is too long')
    const larger = new Uint8Array(buffer.bytes.length * 2)
    larger.set(buffer.bytes)
    buffer.bytes = larger
  }
  const buffer: ReadBuffer = {
    bytes: new Uint8Array(FIRST_BYTES),
    readWhole: (fd) => {
      for (;;) {
        const length = readSync(fd, buffer.bytes, 0, buffer.bytes.length, 0)
        if (length < buffer.bytes.length) return length
        grow()
      }
    },
    readOn: (fd) => {
      let length = 0
      for (;;) {
        const got = readSync(fd, buffer.bytes, length, buffer.bytes.length - length, null)
        if (got === 0) return length
        length += got
        if (length === buffer.bytes.length) grow()
      }
    },
  }
  return buffer
}
