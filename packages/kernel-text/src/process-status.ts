import { KernelTextError } from './parse-error.ts'

/**
 * `/proc/PID/status`: one `Key:` and its values a line, separated by tabs.
 *
 *     Name:	sshd
 *     PPid:	1
 *     Uid:	0	0	0	0
 *     NSpid:	812	1
 *
 * `Uid` is real, effective, saved and file system id, as seen by the reader's user namespace. `NSpid` is the process's
 * id in each pid namespace from the reader's inwards, so it has one number for a process of the reader's own
 * (since Linux 4.1). Source: proc_pid_status(5).
 */
export interface ProcessStatus {
  /** The command name as the kernel escapes it; at most 15 bytes are shown. */
  readonly name: string
  readonly parentPid: number
  readonly effectiveUid: number
  /** How many pid namespaces below the reader's it lives in; 0 for the reader's own. */
  readonly pidNamespaceDepth: number
}

const numbers = (text: string, key: string): number[] | undefined => {
  const line = new RegExp(`^${key}:((?:[\\t ]+[0-9]+)+)$`, 'm').exec(text)?.[1]
  return line?.trim().split(/\s+/).map(Number)
}

/** Throws a `KernelTextError` when a line it needs is absent. */
export const parseProcessStatus = (text: string): ProcessStatus => {
  const name = /^Name:\t(.*)$/m.exec(text)?.[1]
  const parentPid = numbers(text, 'PPid')?.[0]
  const effectiveUid = numbers(text, 'Uid')?.[1]
  if (name === undefined || parentPid === undefined || effectiveUid === undefined)
    throw new KernelTextError('/proc/PID/status', text, 'lines Name, PPid and Uid')
  return { name, parentPid, effectiveUid, pidNamespaceDepth: (numbers(text, 'NSpid')?.length ?? 1) - 1 }
}
