import { type BootId, type CgroupId, type GroupPath, type HostId, isBootId, isCgroupId, isHostId } from '@corral/domain'
import { z } from 'zod'

/** Longest escaped path on the wire: PATH_MAX bytes, each at most four characters (`\xff`). */
const LONGEST_PATH = 4 * 4096

export const hostId = z.string().refine((text): text is HostId => isHostId(text), 'not a host id')
export const bootId = z.string().refine((text): text is BootId => isBootId(text), 'not a boot id')
export const cgroupId = z.string().refine((text): text is CgroupId => isCgroupId(text), 'not a cgroup id')
export const groupPath = z
  .string()
  .max(LONGEST_PATH)
  .refine((text): text is GroupPath => text.startsWith('/'), 'not a group path')

/** Text that came from a host: bounded, and taken as hostile wherever it is shown. */
export const hostText = (longest: number) => z.string().max(longest)

export const unixSec = z.number().finite().min(0).max(253_402_300_799)

/** A typed array of 32-bit floats; NaN stands for a point that was not measured. */
export const floats = (longest: number) =>
  z.instanceof(Float32Array).refine((values) => values.length <= longest, `more than ${longest} values`)

const bytes = (length: number) =>
  z.instanceof(Uint8Array).refine((value) => value.length === length, `not ${length} bytes`)

/** A fresh 256-bit random number from one side of a handshake. */
export const nonce = bytes(32)
/** An ed25519 public key, raw (RFC 8032). */
export const publicKey = bytes(32)
/** An ed25519 signature (RFC 8032). */
export const signature = bytes(64)
