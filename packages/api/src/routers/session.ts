import { makeTicket, readSession } from '@corral/services'
import { browserRouter, procedure } from '../browser-procedure.ts'

const read = procedure({ action: 'session.read', resource: 'session' })

export const sessionRouter = browserRouter({
  me: read.query(({ ctx }) => readSession(ctx)),
  ticket: read.mutation(({ ctx }) => makeTicket(ctx)),
})
