import { CorralError } from '@corral/domain'
import { type Command, type CommandReply, WARDEN_LINE_BYTES, type WardenMessage, wardenRequest } from '@corral/protocol'
import { monotonicMs } from '../shared/clock.ts'
import { createLineSplitter, parseJson } from '../shared/lines.ts'
import type { Logger } from '../shared/log.ts'
import { act } from './act.ts'
import { decideStart } from './decide.ts'
import type { ExecutedCommands } from './executed.ts'
import type { DescribeRequest, FactFinder } from './facts.ts'
import type { WardenKernel } from './kernel.ts'
import type { LeaseStore } from './lease-store.ts'
import type { TaskQueue } from './per-group.ts'

/** Most commands that may wait or run at once: the agent is not trusted to be modest. */
const MOST_UNDERWAY = 256
/** Most requests for facts that may wait for the one that is being answered. */
const MOST_DESCRIBES = 4

export interface DeskNeeds {
  readonly kernel: WardenKernel
  readonly leases: LeaseStore
  readonly executed: ExecutedCommands
  readonly queue: TaskQueue
  readonly facts: FactFinder
  /** Aborted when the warden begins to stop. */
  readonly signal: AbortSignal
  readonly log: Logger
  /** Called after a lease was made or ended. */
  readonly changed: () => void
}

const refusalOf = (error: unknown, log: Logger): CommandReply => {
  if (error instanceof CorralError) {
    return { ok: false, refusal: { code: error.code, detail: error.detail?.slice(0, 2000) ?? null } }
  }
  log.error({ err: error }, 'command failed')
  return { ok: false, refusal: { code: 'internal', detail: null } }
}

/** Judges and carries out one command when the turn of its group has come; never throws. */
export const runCommand = async (needs: DeskNeeds, command: Command): Promise<CommandReply> => {
  const arrivedMs = monotonicMs()
  const { kernel, executed, queue, signal, log } = needs
  const about = { verb: command.verb, path: command.target.path, actor: command.actor, commandId: command.commandId }
  try {
    if (queue.size >= MOST_UNDERWAY) throw new CorralError('too-much', 'Too many commands wait on this host.')
    const outcome = await queue.run(command.target.cgroupId, async () => {
      // Judged in its turn, not at its arrival: while it waited it may have expired, or the warden begun to stop.
      const refusal = decideStart(command, {
        bootId: kernel.bootId,
        alreadyExecuted: executed.has(command.commandId),
        stopping: signal.aborted,
        arrivedMs,
        nowMs: monotonicMs(),
      })
      if (refusal) throw new CorralError(refusal.code, refusal.detail)
      executed.add(command.commandId)
      return await act(needs, command)
    })
    log.info({ ...about, outcome }, 'done')
    return { ok: true, outcome }
  } catch (error) {
    const reply = refusalOf(error, log)
    log.info({ ...about, reply }, 'refused')
    return reply
  } finally {
    needs.changed()
  }
}

/** Answers requests for facts one after the other; each is answered, those that are too many with nothing. */
const createDescriber = (needs: DeskNeeds, send: (message: WardenMessage) => void) => {
  let waiting: DescribeRequest[] = []
  let running = false

  const drain = async (): Promise<void> => {
    running = true
    try {
      for (let request = waiting.shift(); request; request = waiting.shift()) {
        const groups = await needs.facts.describe(request.groups).catch((error: unknown) => {
          needs.log.error({ err: error }, 'groups could not be described')
          return []
        })
        send({ kind: 'facts', requestId: request.requestId, groups })
      }
    } finally {
      running = false
    }
  }

  return (request: DescribeRequest): void => {
    waiting.push(request)
    if (waiting.length > MOST_DESCRIBES) {
      const [oldest, ...rest] = waiting
      waiting = rest
      if (oldest) send({ kind: 'facts', requestId: oldest.requestId, groups: [] })
    }
    if (!running) drain().catch((error: unknown) => needs.log.error({ err: error }, 'describing failed'))
  }
}

/**
 * The warden's end of the channel: takes bytes as from an enemy, answers through `send`. Lines that are too long,
 * no JSON, or no request are logged and dropped.
 */
export const createDesk = (needs: DeskNeeds, send: (message: WardenMessage) => void) => {
  const split = createLineSplitter(WARDEN_LINE_BYTES)
  const describe = createDescriber(needs, send)

  const take = (line: string | null): void => {
    const parsed = line === null ? undefined : wardenRequest.safeParse(parseJson(line))
    if (!parsed?.success) {
      needs.log.warn({ length: line?.length, issues: parsed?.error.issues.slice(0, 3) }, 'request cannot be read')
      return
    }
    const request = parsed.data
    if (request.kind === 'describe') {
      describe(request)
      return
    }
    runCommand(needs, request.command)
      .then((reply) => send({ kind: 'reply', requestId: request.requestId, reply }))
      .catch((error: unknown) => needs.log.error({ err: error }, 'request failed'))
  }

  return (chunk: Uint8Array): void => {
    for (const line of split(chunk)) take(line)
  }
}
