import { asciiBytes, decimal, lineEnd, type Scan, skipSpaces, startsWith, wordEnd } from './scan.ts'

const IO_KEYS = ['rbytes=', 'wbytes=', 'rios=', 'wios='].map(asciiBytes)

/**
 * `io.stat`, a nested keyed file: one device a line, counters as `key=value`. Gives four sums over all devices:
 * bytes read, bytes written, reads, writes. A group that did no input or output yet has an empty file: zeros.
 *
 *     8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0
 *     8:0 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252 dbytes=50331648 dios=3021
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst, "IO Interface Files".
 */
export const scanIoStat: Scan = (bytes, length, out, at) => {
  for (let i = 0; i < IO_KEYS.length; i++) out[at + i] = 0
  for (let start = 0; start < length; ) {
    const end = lineEnd(bytes, start, length)
    for (let word = wordEnd(bytes, start, end); word < end; ) {
      const from = skipSpaces(bytes, word, end)
      word = wordEnd(bytes, from, end)
      for (let i = 0; i < IO_KEYS.length; i++) {
        const key = IO_KEYS[i]
        if (key === undefined || !startsWith(bytes, from, word, key)) continue
        out[at + i] = (out[at + i] ?? 0) + decimal(bytes, from + key.length, word)
      }
    }
    start = end + 1
  }
}

const READ = asciiBytes('Read ')
const WRITE = asciiBytes('Write ')

/**
 * v1's `blkio.throttle.io_service_bytes_recursive` (bytes) and `blkio.throttle.io_serviced_recursive` (operations):
 * one device and operation a line, then a grand total. Gives two sums over all devices: read and written.
 *
 *     254:0 Read 4096
 *     254:0 Write 81920
 *     254:0 Total 86016
 *     Total 86016
 *
 * Source: Documentation/admin-guide/cgroup-v1/blkio-controller.rst.
 */
export const scanBlkio: Scan = (bytes, length, out, at) => {
  out[at] = 0
  out[at + 1] = 0
  for (let start = 0; start < length; ) {
    const end = lineEnd(bytes, start, length)
    const from = skipSpaces(bytes, wordEnd(bytes, start, end), end)
    if (startsWith(bytes, from, end, READ)) out[at] = (out[at] ?? 0) + decimal(bytes, from + READ.length, end)
    else if (startsWith(bytes, from, end, WRITE))
      out[at + 1] = (out[at + 1] ?? 0) + decimal(bytes, from + WRITE.length, end)
    start = end + 1
  }
}
