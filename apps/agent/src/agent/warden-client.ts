import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { CgroupId, FreezeLease, GroupPath } from '@corral/domain'
import {
  type Command,
  type CommandReply,
  type GroupFacts,
  WARDEN_LINE_BYTES,
  type WardenMessage,
  type WardenRequest,
  wardenMessage,
} from '@corral/protocol'
import { createLineSplitter, parseJson } from '../shared/lines.ts'

/** Where the warden put our end of the channel. */
export const WARDEN_FD = 3
/** How long a command may run once it was started: the warden rolls back after 5 s, and then still answers. */
const RUN_MS = 8000
/** Longest wait for facts: an engine is given 2 s, and others may be asked before. */
const DESCRIBE_MS = 10_000
/** Groups in one request: the answer must fit on a line even if every label is as long as it may be. */
const GROUPS_A_REQUEST = 128

export interface WardenClient {
  /** Never throws: a warden that does not answer is a refusal that says so. */
  command(command: Command): Promise<CommandReply>
  /** Facts about these groups, a part at a time, in order; rejects when the warden does not answer in time. */
  describe(
    groups: readonly { readonly cgroupId: CgroupId; readonly path: GroupPath }[],
    each: (facts: readonly GroupFacts[]) => void,
  ): Promise<void>
}

interface Needs {
  readonly channel: Duplex
  readonly onLeases: (leases: readonly FreezeLease[]) => void
  /** The warden is gone. */
  readonly onClosed: () => void
  readonly onNonsense: (issues: unknown) => void
}

/** The agent's end of the private channel. */
export const createWardenClient = ({ channel, onLeases, onClosed, onNonsense }: Needs): WardenClient => {
  const waiting = new Map<string, (message: WardenMessage) => void>()

  const take = (line: string | null): void => {
    const parsed = line === null ? undefined : wardenMessage.safeParse(parseJson(line))
    if (!parsed?.success) {
      onNonsense(parsed?.error.issues.slice(0, 3))
      return
    }
    const message = parsed.data
    if (message.kind === 'leases') onLeases(message.leases)
    else waiting.get(message.requestId)?.(message)
  }

  let closed = false
  const close = (): void => {
    if (closed) return
    closed = true
    onClosed()
  }
  const split = createLineSplitter(WARDEN_LINE_BYTES)
  channel.on('data', (chunk: Uint8Array) => {
    for (const line of split(chunk)) take(line)
  })
  channel.on('end', close)
  channel.on('close', close)
  channel.on('error', close)

  const ask = (request: WardenRequest, timeoutMs: number): Promise<WardenMessage> =>
    new Promise((resolve, reject) => {
      const { requestId } = request
      const timer = setTimeout(() => {
        waiting.delete(requestId)
        reject(new Error(`the warden did not answer within ${timeoutMs} ms`))
      }, timeoutMs)
      waiting.set(requestId, (message) => {
        clearTimeout(timer)
        waiting.delete(requestId)
        resolve(message)
      })
      channel.write(`${JSON.stringify(request)}\n`)
    })

  return {
    command: async (command) => {
      const request = { kind: 'command' as const, requestId: randomUUID(), command }
      try {
        const message = await ask(request, command.expiresInMs + RUN_MS)
        if (message.kind === 'reply') return message.reply
      } catch {
        // Told below.
      }
      const detail = 'The warden did not answer; what it did is not known. The state shown is what the kernel says.'
      return { ok: false, refusal: { code: 'internal', detail } }
    },
    describe: async (groups, each) => {
      for (let at = 0; at < groups.length; at += GROUPS_A_REQUEST) {
        const part = groups.slice(at, at + GROUPS_A_REQUEST).map(({ cgroupId, path }) => ({ cgroupId, path }))
        const message = await ask({ kind: 'describe', requestId: randomUUID(), groups: part }, DESCRIBE_MS)
        if (message.kind === 'facts') each(message.groups)
      }
    },
  }
}
