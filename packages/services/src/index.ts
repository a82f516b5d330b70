export { type ActivityEntry, activityInput, listActivity } from './activity/list.ts'
export { takeAnswer } from './agent/answer.ts'
export { storeBlocks } from './agent/blocks.ts'
export { reportInventory } from './agent/inventory.ts'
export { reportLive } from './agent/live.ts'
export { streamOrders } from './agent/orders.ts'
export type { Auth } from './auth/auth.ts'
export { authorize } from './authorize.ts'
export { freezeContainer, freezeInput } from './container/freeze.ts'
export type { InterventionResult } from './container/intervene.ts'
export { liveContainer, liveContainerInput } from './container/live.ts'
export { thawContainer, thawInput } from './container/thaw.ts'
export {
  type AgentContext,
  type BrowserContext,
  consoleContext,
  requireHost,
  requireSession,
  type Session,
} from './context.ts'
export { liveFleet } from './fleet/live.ts'
export { readSeries, seriesInput } from './history/series.ts'
export { enrolHost } from './host/enrol.ts'
export { type EnrolToken, enrolTokenInput, makeEnrolToken } from './host/enrol-token.ts'
export { helloHost } from './host/hello.ts'
export { proveHost } from './host/prove.ts'
export type { AgentConnection, AgentSocket } from './hub/connection.ts'
export type { Hub } from './hub/hub.ts'
export type { Log } from './log.ts'
export { describeInputError } from './parse.ts'
export { createServices, type Services, type ServicesOptions } from './services.ts'
export { readSession } from './session/read.ts'
export { makeTicket } from './session/ticket.ts'
