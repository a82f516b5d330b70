import { CorralError } from '@corral/domain'
import type { HostFacts, Labels } from './database.ts'

/** Stored values → domain values. What does not fit was not written by us: `internal`, naming it. */

const unreadable = (what: string, value: unknown): CorralError =>
  new CorralError(
    'internal',
    `the database holds a ${what} that cannot be read: ${JSON.stringify(value)?.slice(0, 200)}`,
  )

/** Text that has to be one of a kind, by its guard. */
export const readText = <T extends string>(what: string, text: string, is: (text: string) => text is T): T => {
  if (!is(text)) throw unreadable(what, text)
  return text
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const readLabels = (value: unknown): Labels => {
  if (!isRecord(value)) throw unreadable('set of labels', value)
  const labels: Record<string, string> = {}
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw unreadable('label', value)
    labels[key] = text
  }
  return labels
}

export const readFacts = (value: unknown): HostFacts => {
  if (!isRecord(value)) throw unreadable("host's facts", value)
  const { name, kernel, layout, cpus, memoryBytes, version, canAct, whyNot } = value
  if (
    typeof name !== 'string' ||
    typeof kernel !== 'string' ||
    (layout !== 'v2' && layout !== 'v1' && layout !== 'hybrid') ||
    typeof cpus !== 'number' ||
    typeof memoryBytes !== 'number' ||
    typeof version !== 'string' ||
    typeof canAct !== 'boolean' ||
    (whyNot !== null && typeof whyNot !== 'string')
  )
    throw unreadable("host's facts", value)
  return { name, kernel, layout, cpus, memoryBytes, version, canAct, whyNot }
}

/** Facts as JSON: these fields and no others. */
export const writeFacts = (facts: HostFacts) => ({
  name: facts.name,
  kernel: facts.kernel,
  layout: facts.layout,
  cpus: facts.cpus,
  memoryBytes: facts.memoryBytes,
  version: facts.version,
  canAct: facts.canAct,
  whyNot: facts.whyNot,
})

/** A copy in memory of its own: the drivers' bytes are views of larger buffers. */
export const bytes = (value: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(value)
