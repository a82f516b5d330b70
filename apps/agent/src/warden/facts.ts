import type { GroupPath } from '@corral/domain'
import type { GroupFacts, WardenRequest } from '@corral/protocol'
import { askDocker, classifyGroup, type EngineContainer, findEngineSockets, readRuncState } from '@corral/runtimes'
import type { Logger } from '../shared/log.ts'
import type { WardenKernel } from './kernel.ts'

/** How long what the engines said is believed: less than the second after which a new container is asked again. */
const CACHE_MS = 800
/** Longest wait for one engine. */
const ASK_MS = 2000
const MOST_LABELS = 64
/** Most bytes of labels of one container, as JSON: a full answer must fit on a line. */
const LABEL_BYTES = 8192

export type DescribeRequest = Extract<WardenRequest, { kind: 'describe' }>

interface EngineFacts extends EngineContainer {
  readonly runtime: 'docker' | 'podman'
}

export interface FactFinder {
  describe(groups: DescribeRequest['groups']): Promise<GroupFacts[]>
}

const cut = (text: string, longest: number): string => (text.length <= longest ? text : text.slice(0, longest))

/** Labels of bounded number and length: an engine's answer is as hostile as what it describes. */
export const boundLabels = (labels: Readonly<Record<string, string>>): Record<string, string> => {
  const kept: [string, string][] = []
  let bytes = 0
  for (const [key, value] of Object.entries(labels)) {
    const pair: [string, string] = [cut(key, 200), cut(value, 500)]
    bytes += Buffer.byteLength(JSON.stringify(pair))
    if (kept.length >= MOST_LABELS || bytes > LABEL_BYTES) break
    kept.push(pair)
  }
  return Object.fromEntries(kept)
}

/** Asks all engines of this host at the same time; one that does not answer hides nobody else's names. */
const askAll = async (log: Logger): Promise<ReadonlyMap<string, EngineFacts>> => {
  const all = new Map<string, EngineFacts>()
  await Promise.all(
    findEngineSockets().map(async (socketPath) => {
      const runtime = socketPath.includes('podman') ? 'podman' : 'docker'
      try {
        for (const [id, facts] of await askDocker(socketPath, AbortSignal.timeout(ASK_MS))) {
          all.set(id, { ...facts, runtime })
        }
      } catch (error) {
        log.debug({ err: error, socketPath }, 'engine did not answer')
      }
    }),
  )
  return all
}

/**
 * The id under which an engine of this host may know the group. Only the outermost container: what is inside one was
 * named by whoever is root there, who could take the id, and so the name and labels, of another.
 */
export const engineIdOf = (path: GroupPath): string | null => {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const above = classifyGroup(path.slice(0, end) as GroupPath)
    if (above && above.runtime !== 'systemd') return null
  }
  return classifyGroup(path)?.id ?? /(?:^|[/-])([0-9a-f]{64})$/.exec(path)?.[1] ?? null
}

/** Finds what only root may see about groups: names from engines, runc's containers, protection. */
export const createFactFinder = (kernel: Pick<WardenKernel, 'protection'>, log: Logger): FactFinder => {
  let cached: { readonly atMs: number; readonly engines: Promise<ReadonlyMap<string, EngineFacts>> } | undefined

  const engines = (): Promise<ReadonlyMap<string, EngineFacts>> => {
    const nowMs = performance.now()
    if (!cached || nowMs - cached.atMs > CACHE_MS) cached = { atMs: nowMs, engines: askAll(log) }
    return cached.engines
  }

  return {
    describe: async (groups) => {
      const named = await engines()
      const runc = new Set<string>(readRuncState().map((state) => state.path))
      const protectionOf = kernel.protection()
      return groups.map(({ cgroupId, path }) => {
        const id = engineIdOf(path)
        const facts = id === null ? undefined : named.get(id)
        const protection = protectionOf(path)
        return {
          cgroupId,
          name: facts ? cut(facts.name, 500) : null,
          image: facts?.image ? cut(facts.image, 500) : null,
          labels: boundLabels(facts?.labels ?? {}),
          // The path tells best; a container in a group of its own choosing is known by its engine alone.
          runtime: classifyGroup(path) ? null : (facts?.runtime ?? (runc.has(path) ? 'runc' : null)),
          protection: protection === null ? null : cut(protection, 300),
        }
      })
    },
  }
}
