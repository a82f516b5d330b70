import { BLOCK_VALUES } from '@corral/domain'
import { z } from 'zod'
import { commandReply } from './orders.ts'
import { floats, unixSec } from './scalars.ts'

/** What an agent answers to an order that carried a `requestId`. */
export const answer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('command'), requestId: z.uuid(), reply: commandReply }),
  z.strictObject({
    kind: z.literal('tail'),
    requestId: z.uuid(),
    blocks: z.array(z.strictObject({ startSec: unixSec, values: floats(BLOCK_VALUES) })).max(120),
  }),
])
export type Answer = z.infer<typeof answer>
