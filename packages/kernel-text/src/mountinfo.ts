import { KernelTextError } from './parse-error.ts'

/**
 * `/proc/PID/mountinfo`: one mount a line, seen from that process. Optional fields end at a lone `-`.
 *
 *     38 31 0:37 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate
 *     id parent device root mountpoint options optional… - type source superoptions
 *
 * Space, tab, newline and backslash are written as `\040`, `\011`, `\012`, `\134`. No units.
 * Source: Documentation/filesystems/proc.rst 3.5; proc_pid_mountinfo(5).
 */
export interface MountLine {
  /** What part of the file system is mounted: `/` is all of it. */
  readonly root: string
  readonly mountPoint: string
  readonly fsType: string
  /** For cgroup v1: the controllers, or `name=…`, among flags such as `rw` and `xattr`. */
  readonly superOptions: readonly string[]
}

const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

const parseLine = (line: string): MountLine => {
  const fields = line.split(' ')
  const dash = fields.indexOf('-', 6)
  const [root, mountPoint] = [fields[3], fields[4]]
  const fsType = fields[dash + 1]
  const superOptions = fields[dash + 3]
  if (dash < 0 || root === undefined || mountPoint === undefined || fsType === undefined || superOptions === undefined)
    throw new KernelTextError('mountinfo', line, 'id parent device root mountpoint options … - type source options')
  return {
    root: unescapeOctal(root),
    mountPoint: unescapeOctal(mountPoint),
    fsType,
    superOptions: superOptions.split(','),
  }
}

/** All mounts, in the order the kernel lists them. Throws a `KernelTextError` that quotes the line. */
export const parseMountinfo = (text: string): MountLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine)
