import { decimal, lineEnd, type Scan } from './scan.ts'

/**
 * A single integer: `memory.current` (bytes), `pids.current`, `cgroup.freeze`; v1's `memory.usage_in_bytes` (bytes),
 * `cpuacct.usage` (nanoseconds).
 *
 *     1073741824
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst; Documentation/admin-guide/cgroup-v1/.
 */
export const scanInteger: Scan = (bytes, length, out, at) => {
  out[at] = decimal(bytes, 0, lineEnd(bytes, 0, length))
}

const LETTER = { T: 0x54, F: 0x46, R: 0x52, O: 0x4f, E: 0x45 }

/** What `freezer.state` says, as the scanner gives it. */
export const FREEZER = { thawed: 0, freezing: 1, frozen: 2 } as const

/**
 * v1's `freezer.state`: one word, `THAWED`, `FREEZING` or `FROZEN`, given as `FREEZER` says.
 *
 *     FROZEN
 *
 * Source: Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst.
 */
export const scanFreezerState: Scan = (bytes, length, out, at) => {
  out[at] = Number.NaN
  if (length < 6) return
  if (bytes[0] === LETTER.T) out[at] = FREEZER.thawed
  if (bytes[0] !== LETTER.F || bytes[1] !== LETTER.R) return
  if (bytes[2] === LETTER.O) out[at] = FREEZER.frozen
  if (bytes[2] === LETTER.E) out[at] = FREEZER.freezing
}
