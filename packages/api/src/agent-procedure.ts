import { CorralError } from '@corral/domain'
import { type AgentContext, requireHost } from '@corral/services'
import { initTRPC } from '@trpc/server'
import { toTrpcError } from './error-map.ts'
import { formatError } from './error-shape.ts'

/** Who may call: anyone who reached the door (to prove who they are), or only a host that has proved to be itself. */
export interface AgentGuard {
  readonly caller: 'anyone' | 'proved-host'
}

const t = initTRPC
  .context<AgentContext>()
  .meta<AgentGuard>()
  .create({ isServer: true, isDev: false, errorFormatter: formatError })

/** Every call passes here, before its input is even parsed. What has declared nothing is denied. */
const guarded = t.middleware(async ({ ctx, meta, next }) => {
  try {
    if (!meta) throw new CorralError('not-allowed', 'this procedure has not declared who may call it')
    if (meta.caller !== 'anyone') requireHost(ctx)
  } catch (error) {
    throw toTrpcError(error)
  }
  const result = await next()
  if (!result.ok) throw toTrpcError(result.error)
  return result
})

/** The only way to make a procedure for agents: there is none without saying who may call it. */
export const agentProcedure = (guard: AgentGuard) => t.procedure.meta(guard).use(guarded)

export const agentRouter = t.router
