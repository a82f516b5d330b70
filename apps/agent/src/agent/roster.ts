import type { GroupEntry } from '@corral/cgroups'
import { type BootId, type CgroupId, type ContainerDescription, escapeBytes } from '@corral/domain'
import { type GroupFacts, MOST_CONTAINERS } from '@corral/protocol'
import type { SelectedContainer } from '@corral/runtimes'

/** Longest name on the wire. */
const LONGEST_NAME = 1100
/** How long a new container's engine is asked for its name: it lists a container only after its group is there. */
const YOUNG_MS = 10_000

type Selected = SelectedContainer<GroupEntry>

interface Member {
  readonly selected: Selected
  readonly sinceMs: number
  readonly facts: GroupFacts | null
  readonly description: ContainerDescription
}

/** Who is there: the containers of this host, as the last walk found them and the warden described them. */
export interface Roster {
  /**
   * Takes what a walk found; containers beyond the most that may be reported are left out and counted. Returns
   * whether the set of groups changed.
   */
  update(found: readonly Selected[], omitted: number, nowMs: number): boolean
  /** Adds what the warden said. Those that left meanwhile are ignored. */
  describe(facts: readonly GroupFacts[]): void
  description(cgroupId: CgroupId): ContainerDescription | undefined
  readonly entries: readonly GroupEntry[]
  readonly descriptions: readonly ContainerDescription[]
  readonly omitted: number
  /** Raised whenever what would be reported has changed. */
  readonly version: number
  /** Containers that the warden has not described, and when the first of them was seen. */
  undescribed(): { readonly groups: readonly GroupEntry[]; readonly sinceMs: number | null }
  /** New containers with an engine's id, and as yet without the engine's name. */
  unnamed(nowMs: number): readonly GroupEntry[]
}

const describeMember = (bootId: BootId, { entry, runtime, name }: Selected, facts: GroupFacts | null) => {
  const known = facts?.name ? escapeBytes(Buffer.from(facts.name)) : name
  return {
    bootId,
    cgroupId: entry.cgroupId,
    path: entry.path,
    name: known.slice(0, LONGEST_NAME),
    runtime: facts?.runtime ?? runtime,
    image: facts?.image ?? null,
    labels: facts?.labels ?? {},
    protection: facts?.protection ?? null,
    startedSec: entry.createdSec,
  } satisfies ContainerDescription
}

/** Whether an engine may know it: by the id its path told, or one in a group of the engine's choosing. */
const isKeyed = ({ id, entry }: Selected): boolean => id !== null || /[0-9a-f]{64}$/.test(entry.path)

const sameFacts = (a: GroupFacts | null, b: GroupFacts): boolean =>
  a !== null && JSON.stringify(a) === JSON.stringify(b)

export const createRoster = (bootId: BootId): Roster => {
  let members = new Map<CgroupId, Member>()
  let entries: readonly GroupEntry[] = []
  let omitted = 0
  let version = 0

  const unchanged = (found: readonly Selected[]): boolean =>
    found.length === entries.length &&
    found.every(({ entry }, i) => entry.cgroupId === entries[i]?.cgroupId && entry.path === entries[i]?.path)

  return {
    get entries() {
      return entries
    },
    get descriptions() {
      return [...members.values()].map((member) => member.description)
    },
    get omitted() {
      return omitted
    },
    get version() {
      return version
    },
    description: (cgroupId) => members.get(cgroupId)?.description,
    update: (all, beyond, nowMs) => {
      const found = all.slice(0, MOST_CONTAINERS)
      const left = beyond + all.length - found.length
      if (left !== omitted) version += 1
      omitted = left
      if (unchanged(found)) return false
      const next = new Map<CgroupId, Member>()
      for (const selected of found) {
        const { cgroupId, path } = selected.entry
        const before = members.get(cgroupId)
        const same = before?.selected.entry.path === path
        next.set(
          cgroupId,
          before && same
            ? before
            : { selected, sinceMs: nowMs, facts: null, description: describeMember(bootId, selected, null) },
        )
      }
      members = next
      entries = found.map(({ entry }) => entry)
      version += 1
      return true
    },
    describe: (facts) => {
      for (const each of facts) {
        const member = members.get(each.cgroupId)
        if (!member || sameFacts(member.facts, each)) continue
        const description = describeMember(bootId, member.selected, each)
        members.set(each.cgroupId, { ...member, facts: each, description })
        version += 1
      }
    },
    unnamed: (nowMs) =>
      [...members.values()]
        .filter(
          ({ selected, facts, sinceMs }) => isKeyed(selected) && facts?.name === null && nowMs - sinceMs < YOUNG_MS,
        )
        .map((member) => member.selected.entry),
    undescribed: () => {
      const waiting = [...members.values()].filter((member) => member.facts === null)
      const sinceMs = waiting.reduce<number | null>(
        (first, { sinceMs: at }) => (first === null ? at : Math.min(first, at)),
        null,
      )
      return { groups: waiting.map((member) => member.selected.entry), sinceMs }
    },
  }
}
