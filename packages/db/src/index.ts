export type {
  BlockQuery,
  BlockRow,
  Blocks,
  ContainerRow,
  Containers,
  Database,
  HostFacts,
  HostRow,
  Hosts,
  InterventionEnd,
  InterventionRow,
  Interventions,
  Labels,
  NewHost,
  NewIntervention,
  Sessions,
  Tokens,
} from './database.ts'
export { toCorralError } from './faults.ts'
export { type OpenOptions, openDatabase } from './open.ts'
