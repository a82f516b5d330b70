import { ACTIONS, type Action, mayAct, ROLES, type Role } from '@corral/domain'
import {
  connect,
  contextOf,
  createFakeDatabase,
  createTestServices,
  enrolNewHost,
  proved,
} from '@corral/services/testing'
import { type AnyTRPCRouter, callTRPCProcedure, TRPCError } from '@trpc/server'
import { describe, expect, test } from 'vitest'
import { agentProcedure } from './agent-procedure.ts'
import { procedure } from './browser-procedure.ts'
import { mapError } from './error-map.ts'
import { createAgentRouter, createAppRouter } from './index.ts'

/** Generated: every procedure there is, for everyone who may come. What it allows is what the authority table says. */

interface Declared {
  readonly path: string
  readonly type: 'query' | 'mutation' | 'subscription'
  readonly meta: Readonly<Record<string, unknown>>
}

const declared = (router: AnyTRPCRouter): Declared[] =>
  Object.entries(router._def.procedures as Record<string, { _def: { type: Declared['type']; meta?: object } }>).map(
    ([path, { _def }]) => ({ path, type: _def.type, meta: { ..._def.meta } }),
  )

/** Calls a procedure as a transport does; the code of its error, or `done`. */
const call = async (router: AnyTRPCRouter, ctx: object, { path, type }: Declared, input: unknown): Promise<string> => {
  try {
    await callTRPCProcedure({
      router,
      path,
      type,
      ctx,
      getRawInput: async () => input,
      signal: AbortSignal.abort(),
      batchIndex: 0,
    })
    return 'done'
  } catch (error) {
    return mapError(error).code
  }
}

const DENIED = new Set(['not-allowed', 'not-signed-in'])
const appRouter = createAppRouter()
const agentRouter = createAgentRouter()

describe('procedures for people', () => {
  const procedures = declared(appRouter)

  test('there are some, and each declares an action of the table and a kind of resource', () => {
    expect(procedures.length).toBeGreaterThan(8)
    for (const { path, meta } of procedures) {
      expect(ACTIONS, path).toContain(meta.action)
      expect(['session', 'fleet', 'host', 'container'], path).toContain(meta.resource)
    }
  })

  test('one that declares nothing does not compile', () => {
    // @ts-expect-error a procedure without a guard
    expect(() => procedure().query(() => 1)).not.toThrow(TRPCError)
    // @ts-expect-error an action that is not in the table
    procedure({ action: 'container.destroy', resource: 'container' })
    // @ts-expect-error a procedure of agents without a caller
    agentProcedure()
  })

  for (const one of procedures)
    for (const role of [null, ...ROLES] satisfies (Role | null)[]) {
      const allowed = role !== null && mayAct(role, one.meta.action as Action)
      test(`${one.path} as ${role ?? 'nobody'}: ${allowed ? 'let in' : 'denied'}`, async () => {
        await using fixture = createTestServices(createFakeDatabase())
        for (const input of [undefined, {}, { containerId: '1' }, { containerId: { $ne: null } }, [], 'x']) {
          const code = await call(appRouter, contextOf(fixture.services, role), one, input)
          if (allowed) expect(DENIED.has(code), code).toBe(false)
          else expect(code).toBe(role === null ? 'not-signed-in' : 'not-allowed')
        }
      })
    }
})

describe('procedures for agents', () => {
  const procedures = declared(agentRouter)

  test('each says who may call it; only the handshake is open to anyone', () => {
    const open = procedures.filter(({ meta }) => meta.caller === 'anyone').map(({ path }) => path)
    expect(open.sort()).toEqual(['link.enrol', 'link.hello', 'link.prove'])
    for (const { path, meta } of procedures) expect(['anyone', 'proved-host'], path).toContain(meta.caller)
  })

  for (const one of procedures.filter(({ meta }) => meta.caller === 'proved-host'))
    test(`${one.path} is refused before the proof, whatever is sent, and open after it`, async () => {
      await using fixture = createTestServices(createFakeDatabase())
      const { services } = fixture
      for (const input of [undefined, {}, { hostId: 'x' }])
        expect(await call(agentRouter, connect(services), one, input)).toBe('bad-proof')
      const { hostId, identity } = await enrolNewHost(services)
      const agent = await proved(services, hostId, identity)
      expect(await call(agentRouter, agent, one, { forged: hostId })).toBe(
        one.type === 'subscription' ? 'done' : 'bad-input',
      )
    })
})
