import { enrolTokenInput, makeEnrolToken } from '@corral/services'
import { browserRouter, procedure } from '../browser-procedure.ts'

export const hostRouter = browserRouter({
  enrolToken: procedure({ action: 'host.enrol', resource: 'fleet' })
    .input(enrolTokenInput)
    .mutation(({ ctx, input }) => makeEnrolToken(ctx, input)),
})
