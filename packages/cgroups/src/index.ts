import { CorralError, type GroupPath } from '@corral/domain'
import type {
  FreezeOptions,
  FreezeOutcome,
  FreezeState,
  GroupEntry,
  GroupTarget,
  HostLayout,
  Sampler,
} from './types.ts'

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

export interface GroupHandle extends Disposable, GroupTarget {}

const notYet = (name: string): never => {
  throw new CorralError('internal', `${name} is not written yet`)
}

export const detectLayout = (_options: { readonly procRoot?: string } = {}): HostLayout => notYet('detectLayout')
export const walkGroups = (
  _layout: HostLayout,
  _options: { readonly maxGroups?: number } = {},
): { readonly groups: GroupEntry[]; readonly omitted: number } => notYet('walkGroups')
export const createSampler = (_layout: HostLayout): Sampler => notYet('createSampler')
export const openGroup = (_layout: HostLayout, _target: GroupTarget): GroupHandle => notYet('openGroup')
export const readFreezeState = (_handle: GroupHandle): FreezeState => notYet('readFreezeState')
export const freezeGroup = async (_handle: GroupHandle, _options: FreezeOptions): Promise<FreezeOutcome> =>
  notYet('freezeGroup')
export const thawGroup = async (_handle: GroupHandle, _options: FreezeOptions): Promise<FreezeOutcome> =>
  notYet('thawGroup')
export const listProcesses = (_handle: GroupHandle): number[] => notYet('listProcesses')
export const groupOfProcess = (_layout: HostLayout, _pid: number): GroupPath | null => notYet('groupOfProcess')
export const computeProtection = (
  _layout: HostLayout,
  _ownPids: readonly number[],
): ((path: GroupPath) => string | null) => notYet('computeProtection')
