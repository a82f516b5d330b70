import { KernelTextError } from './parse-error.ts'

/**
 * A flat keyed file: one `key value` a line. `cpu.stat`, `memory.stat`, `cgroup.events`, `memory.events`.
 *
 *     populated 1
 *     frozen 0
 *
 * Keys that are not asked for are ignored, so newer kernels may add some; an asked key that is absent is an error.
 * Source: Documentation/admin-guide/cgroup-v2.rst, "Format".
 */
export const parseFlatKeyed = <K extends string>(text: string, keys: readonly K[]): Record<K, number> => {
  const found = new Map<string, number>()
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ')
    if (space < 0) continue
    const value = line.slice(space + 1)
    if (/^[0-9]+$/.test(value)) found.set(line.slice(0, space), Number(value))
  }
  const out: Partial<Record<K, number>> = {}
  for (const key of keys) {
    const value = found.get(key)
    if (value === undefined) throw new KernelTextError('flat keyed', text, `a line "${key} NUMBER"`)
    out[key] = value
  }
  return out as Record<K, number>
}
