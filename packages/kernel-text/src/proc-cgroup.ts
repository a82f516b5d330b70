import { escapeBytes, type GroupPath } from '@corral/domain'
import { KernelTextError } from './parse-error.ts'

/**
 * `/proc/PID/cgroup`: the process's group in every hierarchy, one a line. The unified hierarchy is number 0 and names
 * no controller.
 *
 *     4:memory:/docker/0123
 *     2:cpu,cpuacct:/docker/0123
 *     9:name=systemd:/
 *     0::/docker/0123
 *
 * The path is raw bytes up to the newline and may contain colons. It is relative to the reader's cgroup namespace, so
 * it begins with `/..` for a process outside of it. No units. Source: cgroups(7), "/proc files".
 */
export interface ProcCgroupLine {
  readonly hierarchyId: number
  /** Empty for the unified hierarchy. */
  readonly controllers: readonly string[]
  readonly path: GroupPath
}

const NEWLINE = 0x0a
const COLON = 0x3a
const SLASH = 0x2f

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

const parseLine = (line: Uint8Array): ProcCgroupLine => {
  const first = line.indexOf(COLON)
  const second = line.indexOf(COLON, first + 1)
  const id = ascii(line.subarray(0, Math.max(first, 0)))
  if (first < 0 || second < 0 || !/^[0-9]{1,9}$/.test(id) || line[second + 1] !== SLASH)
    throw new KernelTextError('/proc/PID/cgroup', escapeBytes(line), 'NUMBER:CONTROLLERS:/PATH')
  const controllers = ascii(line.subarray(first + 1, second))
  return {
    hierarchyId: Number(id),
    controllers: controllers === '' ? [] : controllers.split(','),
    path: escapeBytes(line.subarray(second + 1)) as GroupPath,
  }
}

/** One entry per hierarchy. Throws a `KernelTextError` that quotes the line. */
export const parseProcCgroup = (bytes: Uint8Array): ProcCgroupLine[] => {
  const lines: ProcCgroupLine[] = []
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    if (end > start) lines.push(parseLine(bytes.subarray(start, end)))
    start = end + 1
  }
  return lines
}
