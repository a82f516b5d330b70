import { asciiBytes, decimal, lineEnd, type Scan, startsWith } from './scan.ts'

/**
 * A pressure file: `cpu.pressure`, `memory.pressure`, `io.pressure`, and `/proc/pressure/*`. Gives two values: the
 * `total` of `some` and that of `full`, in microseconds since the group was made.
 *
 *     some avg10=0.00 avg60=0.10 avg300=0.21 total=46407631
 *     full avg10=0.00 avg60=0.00 avg300=0.00 total=0
 *
 * `cpu.pressure` has no `full` before 5.13. Source: Documentation/accounting/psi.rst.
 */
export const scanPressure: Scan = (bytes, length, out, at) => {
  out[at] = Number.NaN
  out[at + 1] = Number.NaN
  for (let start = 0; start < length; ) {
    const end = lineEnd(bytes, start, length)
    if (startsWith(bytes, start, end, SOME)) out[at] = totalOf(bytes, start, end)
    else if (startsWith(bytes, start, end, FULL)) out[at + 1] = totalOf(bytes, start, end)
    start = end + 1
  }
}

const SOME = asciiBytes('some ')
const FULL = asciiBytes('full ')
const TOTAL = asciiBytes(' total=')

const totalOf = (bytes: Uint8Array, start: number, end: number): number => {
  for (let from = start; from < end; from++)
    if (startsWith(bytes, from, end, TOTAL)) return decimal(bytes, from + TOTAL.length, end)
  return Number.NaN
}
