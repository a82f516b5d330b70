import { readSeries, seriesInput } from '@corral/services'
import { browserRouter, procedure } from '../browser-procedure.ts'

export const historyRouter = browserRouter({
  series: procedure({ action: 'history.read', resource: 'container' })
    .input(seriesInput)
    .query(({ ctx, input }) => readSeries(ctx, input)),
})
