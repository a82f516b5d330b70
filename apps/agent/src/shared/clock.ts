import { readFileSync } from 'node:fs'

/** Milliseconds of a clock that never steps, the same for all processes of one boot. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000

/**
 * Milliseconds since the boot, time asleep included (CLOCK_BOOTTIME, in steps of 10 ms): what leases end by. Read
 * from `/proc/uptime` (proc(5)).
 */
export const sinceBootMs = (): number => Number.parseFloat(readFileSync('/proc/uptime', 'latin1')) * 1000
