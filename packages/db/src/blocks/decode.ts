import { CorralError } from '@corral/domain'

/**
 * What `array_send(real[])` returns (the layout is in encode.ts) → floats. NULL becomes NaN, as does every place
 * beyond the array's end: a metric that was added later has no points in older rows.
 */
export const decodeReals = (bytes: Uint8Array | null, out: Float32Array, from: number, length: number): void => {
  out.fill(Number.NaN, from, from + length)
  if (!bytes) return
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getInt32(0) !== 1) {
    // An empty array has no dimension; one of two dimensions is not ours.
    if (view.getInt32(0) === 0) return
    throw new CorralError('internal', `the database holds an array of ${view.getInt32(0)} dimensions`)
  }
  const size = Math.min(length, view.getInt32(12))
  for (let i = 0, at = 20; i < size; i++) {
    if (view.getInt32(at) === 4) {
      out[from + i] = view.getFloat32(at + 4)
      at += 8
    } else at += 4
  }
}
