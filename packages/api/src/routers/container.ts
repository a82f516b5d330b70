import {
  freezeContainer,
  freezeInput,
  liveContainer,
  liveContainerInput,
  thawContainer,
  thawInput,
} from '@corral/services'
import { browserRouter, procedure } from '../browser-procedure.ts'
import { untilAborted } from '../until-aborted.ts'

export const containerRouter = browserRouter({
  live: procedure({ action: 'container.read', resource: 'container' })
    .input(liveContainerInput)
    .subscription(({ ctx, input, signal }) => untilAborted(signal, (stop) => liveContainer(ctx, input, stop))),
  freeze: procedure({ action: 'container.freeze', resource: 'container' })
    .input(freezeInput)
    .mutation(({ ctx, input }) => freezeContainer(ctx, input)),
  thaw: procedure({ action: 'container.thaw', resource: 'container' })
    .input(thawInput)
    .mutation(({ ctx, input }) => thawContainer(ctx, input)),
})
