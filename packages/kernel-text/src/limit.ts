import { KernelTextError } from './parse-error.ts'

/**
 * A single limit file: a decimal number, or the word `max`. `memory.max`, `pids.max`, …
 *
 *     max
 *     1073741824
 *
 * Units are the file's own (bytes, processes). Source: Documentation/admin-guide/cgroup-v2.rst, "Format".
 */
export type Limit = number | 'max'

export const parseLimit = (text: string): Limit => {
  const word = text.trim()
  if (word === 'max') return 'max'
  if (!/^[0-9]+$/.test(word)) throw new KernelTextError('limit', text, 'a decimal number or max')
  return Number(word)
}

export const formatLimit = (limit: Limit): string => String(limit)
