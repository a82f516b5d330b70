import { readFileSync } from 'node:fs'

/** Descriptors left for everything else in the process: sockets, logs, passing reads. */
const RESERVE = 512
const LEAST = 64
/** What a process may open where the limit cannot be read: the usual soft limit. */
const USUAL = 1024

/** How many files may be kept open. Groups beyond that are read by opening and closing their files each time. */
export interface Descriptors {
  readonly most: number
  used: number
}

const openLimit = (): number => {
  try {
    const soft = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
    return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft ?? USUAL)
  } catch {
    return USUAL
  }
}

export const createDescriptors = (): Descriptors => ({ most: Math.max(openLimit() - RESERVE, LEAST), used: 0 })
