import { activityInput, listActivity } from '@corral/services'
import { browserRouter, procedure } from '../browser-procedure.ts'

export const activityRouter = browserRouter({
  list: procedure({ action: 'activity.read', resource: 'container' })
    .input(activityInput)
    .query(({ ctx, input }) => listActivity(ctx, input)),
})
