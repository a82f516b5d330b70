import type { AgentConnection, AgentContext, BrowserContext, Services, Session } from '@corral/services'

/** The context of one request, or of one socket, of a browser. */
export const createBrowserContext = ({
  services,
  session,
  pace = async () => {},
}: {
  readonly services: Services
  readonly session: Session | null
  /** Resolves when the reader has taken what was sent; absent for plain requests, which stream nothing. */
  readonly pace?: BrowserContext['pace']
}): BrowserContext => ({ services, session, pace })

/** The context of one socket of an agent. */
export const createAgentContext = ({
  services,
  connection,
}: {
  readonly services: Services
  readonly connection: AgentConnection
}): AgentContext => ({ services, connection })
