import { KernelTextError } from './parse-error.ts'

/**
 * Words on one line: `cgroup.controllers`, `cgroup.subtree_control`. An empty file is no words.
 *
 *     cpu io memory pids
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst, "Format" (space separated values).
 */
export const parseWords = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

/**
 * Process ids, one a line: `cgroup.procs`. 0 stands for a process outside the reader's pid namespace and is left out;
 * an id may come twice while processes move, and is given once.
 *
 *     1
 *     4711
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst, "cgroup.procs".
 */
export const parsePids = (text: string): number[] => {
  const pids = new Set<number>()
  for (const word of parseWords(text)) {
    if (!/^[0-9]{1,10}$/.test(word)) throw new KernelTextError('process ids', word, 'a decimal number')
    if (word !== '0') pids.add(Number(word))
  }
  return [...pids]
}
