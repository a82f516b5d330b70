import { answer, blockUpload, inventoryReport, liveReport } from '@corral/protocol'
import { reportInventory, reportLive, storeBlocks, streamOrders, takeAnswer } from '@corral/services'
import { agentProcedure, agentRouter } from '../agent-procedure.ts'
import { untilAborted } from '../until-aborted.ts'

const proved = agentProcedure({ caller: 'proved-host' })

/** What a host reports, and what it is asked. */
export const reportRouter = agentRouter({
  inventory: proved.input(inventoryReport).mutation(({ ctx, input }) => reportInventory(ctx, input)),
  live: proved.input(liveReport).mutation(({ ctx, input }) => reportLive(ctx, input)),
  blocks: proved.input(blockUpload).mutation(({ ctx, input }) => storeBlocks(ctx, input)),
  answer: proved.input(answer).mutation(({ ctx, input }) => takeAnswer(ctx, input)),
  orders: proved.subscription(({ ctx, signal }) => untilAborted(signal, (stop) => streamOrders(ctx, stop))),
})
