import { agentRouter } from './agent-procedure.ts'
import { browserRouter } from './browser-procedure.ts'
import { activityRouter } from './routers/activity.ts'
import { reportRouter } from './routers/agent.ts'
import { containerRouter } from './routers/container.ts'
import { fleetRouter } from './routers/fleet.ts'
import { historyRouter } from './routers/history.ts'
import { hostRouter } from './routers/host.ts'
import { linkRouter } from './routers/link.ts'
import { sessionRouter } from './routers/session.ts'

export { createAgentContext, createBrowserContext } from './context.ts'
export { type CorralErrorData, type MappedError, mapError, toTrpcError } from './error-map.ts'

/** What people call. */
export const createAppRouter = () =>
  browserRouter({
    session: sessionRouter,
    fleet: fleetRouter,
    container: containerRouter,
    history: historyRouter,
    activity: activityRouter,
    host: hostRouter,
  })
export type AppRouter = ReturnType<typeof createAppRouter>

/** What agents call. */
export const createAgentRouter = () => agentRouter({ link: linkRouter, agent: reportRouter })
export type AgentRouter = ReturnType<typeof createAgentRouter>
