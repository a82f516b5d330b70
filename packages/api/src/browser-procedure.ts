import { type Action, CorralError, type Resource, type ResourceKind } from '@corral/domain'
import { authorize, type BrowserContext } from '@corral/services'
import { initTRPC } from '@trpc/server'
import { toTrpcError } from './error-map.ts'
import { formatError } from './error-shape.ts'

/** What a procedure does and to what kind of thing. */
export interface Guard {
  readonly action: Action
  readonly resource: ResourceKind
}

const t = initTRPC
  .context<BrowserContext>()
  .meta<Guard>()
  .create({ isServer: true, isDev: false, errorFormatter: formatError })

const idIn = (input: unknown, field: string): string | null => {
  if (typeof input !== 'object' || input === null) return null
  const id: unknown = Object.getOwnPropertyDescriptor(input, field)?.value
  return typeof id === 'string' ? id : null
}

/**
 * The thing that an input names; `fleet` when a list is asked for and nothing is named. The input is read only where it
 * names something: a call without input has no body to read.
 */
const resourceOf = async (kind: ResourceKind, readInput: () => Promise<unknown>): Promise<Resource> => {
  if (kind === 'session' || kind === 'fleet') return { kind }
  const id = idIn(await readInput(), kind === 'container' ? 'containerId' : 'hostId')
  return id === null ? { kind: 'fleet' } : { kind, id }
}

/** Every call passes here, before its input is even parsed. What has declared nothing is denied. */
const guarded = t.middleware(async ({ ctx, meta, getRawInput, next }) => {
  try {
    if (!meta) throw new CorralError('not-allowed', 'this procedure has not declared what it does')
    await authorize(ctx, meta.action, await resourceOf(meta.resource, getRawInput))
  } catch (error) {
    throw toTrpcError(error)
  }
  const result = await next()
  if (!result.ok) throw toTrpcError(result.error)
  return result
})

/** The only way to make a procedure for people: there is none without saying what it does and to what. */
export const procedure = (guard: Guard) => t.procedure.meta(guard).use(guarded)

export const browserRouter = t.router
