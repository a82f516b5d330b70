export {
  ACTIONS,
  type Action,
  isRole,
  mayAct,
  type Resource,
  type ResourceKind,
  ROLES,
  type Role,
} from './authority.ts'
export {
  BLOCK_POINTS,
  BLOCK_VALUES,
  type Block,
  type BlockSummary,
  blockStart,
  emptyBlockValues,
  summarizeBlock,
} from './blocks.ts'
export { escapeBytes, unescapeBytes } from './bytes-text.ts'
export { CONTAINER_STATES, type ContainerDescription, type ContainerState, type FreezeLease } from './containers.ts'
export { CorralError, ERRORS, type ErrorCode, type ErrorEntry, isErrorCode } from './errors.ts'
export {
  type BootId,
  type CgroupId,
  type ContainerId,
  type GroupPath,
  type HostId,
  isBootId,
  isCgroupId,
  isContainerId,
  isHostId,
} from './identity.ts'
export {
  METRIC_COUNT,
  METRIC_INDEX,
  METRIC_KEYS,
  METRICS,
  type Metric,
  type MetricKey,
  type MetricKind,
  type MetricUnit,
  SMALL_VECTOR,
  SMALL_VECTOR_LENGTH,
  SMALL_VECTOR_SOURCE,
} from './metrics.ts'
export { RUNTIME_TILE, RUNTIMES, type Runtime } from './runtimes.ts'
