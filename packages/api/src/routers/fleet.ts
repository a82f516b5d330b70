import { liveFleet } from '@corral/services'
import { browserRouter, procedure } from '../browser-procedure.ts'
import { untilAborted } from '../until-aborted.ts'

export const fleetRouter = browserRouter({
  live: procedure({ action: 'fleet.read', resource: 'fleet' }).subscription(({ ctx, signal }) =>
    untilAborted(signal, (stop) => liveFleet(ctx, stop)),
  ),
})
