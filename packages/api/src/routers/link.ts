import { enrolInput, helloInput, proveInput } from '@corral/protocol'
import { enrolHost, helloHost, proveHost } from '@corral/services'
import { agentProcedure, agentRouter } from '../agent-procedure.ts'

const open = agentProcedure({ caller: 'anyone' })

/** How an agent becomes a host. */
export const linkRouter = agentRouter({
  enrol: open.input(enrolInput).mutation(({ ctx, input }) => enrolHost(ctx, input)),
  hello: open.input(helloInput).mutation(({ ctx, input }) => helloHost(ctx, input)),
  prove: open.input(proveInput).mutation(({ ctx, input }) => proveHost(ctx, input)),
})
