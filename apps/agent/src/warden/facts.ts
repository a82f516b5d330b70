import { computeProtection, type HostLayout } from '@corral/cgroups'
import type { GroupFacts, WardenRequest } from '@corral/protocol'
import { askDocker, classifyGroup, findEngineSockets, readRuncState } from '@corral/runtimes'
import type { Logger } from '../shared/log.ts'

/** How long what the engines said is believed. */
const CACHE_MS = 5000
/** Longest wait for one engine. */
const ASK_MS = 2000
const MOST_LABELS = 64

type DescribeRequest = Extract<WardenRequest, { kind: 'describe' }>
type EngineFacts = Awaited<ReturnType<typeof askDocker>>

export interface FactFinder {
  describe(groups: DescribeRequest['groups']): Promise<GroupFacts[]>
}

const cut = (text: string, longest: number): string => (text.length <= longest ? text : text.slice(0, longest))

/** At most 64 labels of bounded length: an engine's answer is as hostile as what it describes. */
export const boundLabels = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels)
      .slice(0, MOST_LABELS)
      .map(([key, value]) => [cut(key, 200), cut(value, 500)]),
  )

const askAll = async (log: Logger): Promise<EngineFacts> => {
  const all: EngineFacts = new Map()
  for (const socketPath of findEngineSockets()) {
    try {
      for (const [id, facts] of await askDocker(socketPath, AbortSignal.timeout(ASK_MS))) all.set(id, facts)
    } catch (error) {
      log.debug({ err: error, socketPath }, 'engine did not answer')
    }
  }
  return all
}

const runcIds = (log: Logger): ReadonlySet<string> => {
  try {
    return new Set([...readRuncState()].map((state) => state.path))
  } catch (error) {
    log.debug({ err: error }, 'runc state cannot be read')
    return new Set()
  }
}

/** Finds what only root may see about groups: names from engines, runc's containers, protection. */
export const createFactFinder = (layout: HostLayout, ownPids: () => readonly number[], log: Logger): FactFinder => {
  let cached: { readonly atMs: number; readonly engines: Promise<EngineFacts> } | undefined

  const engines = (): Promise<EngineFacts> => {
    const nowMs = performance.now()
    if (!cached || nowMs - cached.atMs > CACHE_MS) cached = { atMs: nowMs, engines: askAll(log) }
    return cached.engines
  }

  return {
    describe: async (groups) => {
      const named = await engines()
      const runc = runcIds(log)
      const protectionOf = computeProtection(layout, ownPids())
      return groups.map(({ cgroupId, path }) => {
        const known = classifyGroup(path)
        const facts = known?.id ? named.get(known.id) : undefined
        const protection = protectionOf(path)
        return {
          cgroupId,
          name: facts ? cut(facts.name, 500) : null,
          image: facts?.image ? cut(facts.image, 500) : null,
          labels: boundLabels(facts?.labels ?? {}),
          runtime: facts ? null : runc.has(path) ? 'runc' : null,
          protection: protection === null ? null : cut(protection, 300),
        }
      })
    },
  }
}
