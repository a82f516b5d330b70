import { asciiBytes, decimal, lineEnd, type Scan, startsWith } from './scan.ts'

/**
 * The scanner of a flat keyed file, one `key value` a line: `cpu.stat` (µs), `memory.stat` (bytes, counts),
 * `cgroup.events` (0 or 1), v1's `cpu.stat` (ns). Gives the value of each of `keys`, in their order.
 *
 *     usage_usec 326468083
 *     user_usec 199604242
 *     system_usec 126863841
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst, "Format".
 */
export const createFlatScanner = (keys: readonly string[]): Scan => {
  const prefixes = keys.map((key) => asciiBytes(`${key} `))
  return (bytes, length, out, at) => {
    let wanted = prefixes.length
    for (let i = 0; i < prefixes.length; i++) out[at + i] = Number.NaN
    for (let start = 0; start < length && wanted > 0; ) {
      const end = lineEnd(bytes, start, length)
      for (let i = 0; i < prefixes.length; i++) {
        const prefix = prefixes[i]
        if (prefix === undefined || !startsWith(bytes, start, end, prefix)) continue
        out[at + i] = decimal(bytes, start + prefix.length, end)
        wanted--
        break
      }
      start = end + 1
    }
  }
}
