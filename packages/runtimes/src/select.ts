import type { GroupPath, Runtime } from '@corral/domain'
import { type Classified, classifyGroup, leafOf } from './classify.ts'

/** What must be known of a group to tell whether it is a container. */
export interface GroupLike {
  readonly path: GroupPath
  readonly ownProcesses: boolean
}

export interface SelectedContainer<G extends GroupLike> extends Classified {
  readonly entry: G
}

/** Whether `path` is below a member of `recognised`. */
const isInside = (path: string, recognised: ReadonlySet<string>): boolean => {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (recognised.has(path.slice(0, end))) return true
  }
  return false
}

/**
 * The classification of each group a selector meets, remembered from one walk to the next: paths are the same
 * every second and reading them again would cost more than everything else.
 */
const MOST_REMEMBERED = 20_000
const remembered = new Map<GroupPath, Classified | null>()
const classify = (path: GroupPath): Classified | null => {
  const known = remembered.get(path)
  if (known !== undefined) return known
  const found = classifyGroup(path)
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(path, found)
  return found
}

/**
 * The groups that are containers, in the order given:
 *
 * - what a container runtime made, wherever it is (a container in a container counts by itself);
 * - systemd's services and scopes, but not those of a systemd that runs inside a container;
 * - any other group that holds processes itself, is no slice, and is not inside one of the former.
 *
 * The root is never a container.
 */
export const selectContainers = <G extends GroupLike>(groups: readonly G[]): SelectedContainer<G>[] => {
  const found = new Map<G, Classified>()
  const containers = new Set<string>()
  const units = new Set<string>()
  for (const entry of groups) {
    const known = classify(entry.path)
    if (!known) continue
    found.set(entry, known)
    const set = known.runtime === 'systemd' ? units : containers
    set.add(entry.path)
  }
  const selected: SelectedContainer<G>[] = []
  for (const entry of groups) {
    const { path } = entry
    const known = found.get(entry)
    if (known && known.runtime !== 'systemd') selected.push({ entry, ...known })
    else if (path === '/' || isInside(path, containers)) continue
    else if (known && !isInside(path, units)) selected.push({ entry, ...known })
    else if (entry.ownProcesses && !path.endsWith('.slice') && !isInside(path, units)) {
      selected.push({ entry, runtime: 'plain' satisfies Runtime, name: leafOf(path), id: null })
    }
  }
  return selected
}
