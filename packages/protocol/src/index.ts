export { type Answer, answer } from './answers.ts'
export {
  type EnrolResult,
  enrolInput,
  type HandshakeSide,
  type HelloResult,
  type HostFacts,
  helloInput,
  hostFacts,
  proveInput,
  type Transcript,
  transcriptBytes,
} from './handshake.ts'
export type { ContainerMessage, FleetMessage, LiveContainer, LiveHost, LiveLease, Series } from './live.ts'
export {
  type Command,
  type CommandOutcome,
  type CommandReply,
  command,
  commandOutcome,
  commandReply,
  type Order,
  type Refusal,
  type Tail,
  type Target,
} from './orders.ts'
export {
  type AgentCost,
  type BlockUpload,
  blockUpload,
  containerDescription,
  freezeLease,
  type InventoryReport,
  inventoryReport,
  type LiveReport,
  liveReport,
  MOST_BLOCKS,
  MOST_CONTAINERS,
  type SealedBlock,
} from './reports.ts'
export { bootId, cgroupId, groupPath, hostId, hostText, unixSec } from './scalars.ts'
export { AGENT_FRAME_BYTES, AGENT_PATH, BROWSER_FRAME_BYTES, LIVE_PATH, PROTOCOL_VERSION } from './version.ts'
export {
  type GroupFacts,
  groupFacts,
  WARDEN_LINE_BYTES,
  type WardenMessage,
  type WardenRequest,
  wardenMessage,
  wardenRequest,
} from './warden.ts'
