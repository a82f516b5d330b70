import { createSampler, type HostLayout, type Sample, walkGroups } from '@corral/cgroups'
import { selectContainers } from '@corral/runtimes'
import type { Roster } from './roster.ts'

/** Most groups a walk takes; what is beyond is counted, not measured. */
const MOST_GROUPS = 16_384

/** Looks at the control groups of this host. */
export interface Observer extends Disposable {
  /** Walks the tree, brings the roster up to date and measures everyone in it. */
  observe(nowMs: number): Sample
}

export const createObserver = (layout: HostLayout, roster: Roster): Observer => {
  const sampler = createSampler(layout)
  return {
    observe: (nowMs) => {
      const { groups, omitted } = walkGroups(layout, { maxGroups: MOST_GROUPS })
      if (roster.update(selectContainers(groups), omitted, nowMs)) sampler.sync(roster.entries)
      return sampler.sample()
    },
    [Symbol.dispose]: () => sampler[Symbol.dispose](),
  }
}
