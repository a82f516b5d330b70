import { type Answer, type Command, type CommandReply, cgroupId, command, type Order } from '@corral/protocol'
import { z } from 'zod'
import type { TailBlock } from './recorder.ts'

const order = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('attend'), cgroupIds: z.array(cgroupId).max(4096) }),
  z.object({ kind: z.literal('command'), requestId: z.uuid(), command: z.unknown() }),
  z.object({ kind: z.literal('tail'), requestId: z.uuid(), cgroupId }),
])

interface Needs {
  readonly attend: (cgroupIds: ReadonlySet<string>) => void
  /** Null where there is no warden. */
  readonly act: ((command: Command) => Promise<CommandReply>) | null
  readonly tail: (cgroupId: string) => readonly TailBlock[]
  readonly answer: (answer: Answer) => void
  readonly nonsense: (what: unknown) => void
}

const refused = (code: 'observe-only' | 'bad-input', detail: string | null): CommandReply => ({
  ok: false,
  refusal: { code, detail },
})

/** Does what the dashboard asks. Parsed first: a newer dashboard may ask for what this agent does not know. */
export const createOrderTaker = (needs: Needs): ((order: Order) => void) => {
  const run = async (requestId: string, asked: unknown): Promise<void> => {
    const parsed = command.safeParse(asked)
    const reply = !parsed.success
      ? refused('bad-input', 'This agent does not know that command.')
      : needs.act
        ? await needs.act(parsed.data)
        : refused('observe-only', null)
    needs.answer({ kind: 'command', requestId, reply })
  }
  return (asked) => {
    const parsed = order.safeParse(asked)
    if (!parsed.success) {
      needs.nonsense(parsed.error.issues.slice(0, 3))
      return
    }
    const { data } = parsed
    switch (data.kind) {
      case 'attend':
        needs.attend(new Set(data.cgroupIds))
        return
      case 'tail':
        needs.answer({ kind: 'tail', requestId: data.requestId, blocks: [...needs.tail(data.cgroupId)] })
        return
      case 'command':
        run(data.requestId, data.command).catch(needs.nonsense)
    }
  }
}
