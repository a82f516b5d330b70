export { freezeGroup, thawGroup } from './freeze.ts'
export { readFreezeState } from './freeze-state.ts'
export { type GroupHandle, listProcesses, openGroup } from './handle.ts'
export { detectLayout } from './layout.ts'
export { groupOfProcess } from './processes.ts'
export { computeProtection } from './protection.ts'
export { createSampler } from './sampler/sampler.ts'
export type {
  FreezeOptions,
  FreezeOutcome,
  FreezeState,
  GroupEntry,
  GroupTarget,
  Hierarchy,
  HostLayout,
  LayoutKind,
  Sample,
  Sampler,
} from './types.ts'
export { walkGroups } from './walk.ts'
