import { computeProtection, type HostLayout } from '@corral/cgroups'
import { CorralError } from '@corral/domain'
import { type Command, type CommandReply, WARDEN_LINE_BYTES, type WardenMessage, wardenRequest } from '@corral/protocol'
import { monotonicMs } from '../shared/clock.ts'
import { createLineSplitter, parseJson } from '../shared/lines.ts'
import type { Logger } from '../shared/log.ts'
import { act } from './act.ts'
import { decideStart } from './decide.ts'
import type { ExecutedCommands } from './executed.ts'
import type { FactFinder } from './facts.ts'
import type { LeaseStore } from './lease-store.ts'
import type { TaskQueue } from './per-group.ts'

/** Most commands that may wait or run at once: the agent is not trusted to be modest. */
const MOST_UNDERWAY = 256

export interface DeskNeeds {
  readonly layout: HostLayout
  readonly leases: LeaseStore
  readonly executed: ExecutedCommands
  readonly queue: TaskQueue
  readonly facts: FactFinder
  readonly ownPids: () => readonly number[]
  readonly signal: AbortSignal
  readonly log: Logger
  /** Called after a lease was made or ended. */
  readonly changed: () => void
}

const refused = (error: unknown, log: Logger): CommandReply => {
  if (error instanceof CorralError) {
    return { ok: false, refusal: { code: error.code, detail: error.detail?.slice(0, 2000) ?? null } }
  }
  log.error({ err: error }, 'command failed')
  return { ok: false, refusal: { code: 'internal', detail: null } }
}

/** Judges and carries out one command; never throws. */
export const runCommand = (needs: DeskNeeds, command: Command): Promise<CommandReply> => {
  const arrivedMs = monotonicMs()
  const { layout, leases, executed, queue, log } = needs
  if (queue.size >= MOST_UNDERWAY || needs.signal.aborted) {
    return Promise.resolve({ ok: false, refusal: { code: 'too-much', detail: null } })
  }
  return queue
    .run(command.target.cgroupId, async (): Promise<CommandReply> => {
      const refusal = decideStart(command, {
        bootId: layout.bootId,
        alreadyExecuted: executed.has(command.commandId),
        arrivedMs,
        nowMs: monotonicMs(),
      })
      if (refusal) throw new CorralError(refusal.code, refusal.detail)
      executed.add(command.commandId)
      const outcome = await act(
        {
          layout,
          leases,
          signal: needs.signal,
          protectionOf: (path) => computeProtection(layout, needs.ownPids())(path),
        },
        command,
      )
      log.info({ verb: command.verb, path: command.target.path, actor: command.actor, outcome }, 'done')
      return { ok: true, outcome }
    })
    .catch((error: unknown) => {
      const reply = refused(error, log)
      log.info({ verb: command.verb, path: command.target.path, actor: command.actor, reply }, 'refused')
      return reply
    })
    .finally(needs.changed)
}

/**
 * The warden's end of the channel: takes bytes as from an enemy, answers through `send`. Lines that are too long,
 * no JSON, or no request are counted, logged and dropped.
 */
export const createDesk = (needs: DeskNeeds, send: (message: WardenMessage) => void) => {
  const split = createLineSplitter(WARDEN_LINE_BYTES)
  let describing = false

  const take = async (line: string | null): Promise<void> => {
    const parsed = line === null ? undefined : wardenRequest.safeParse(parseJson(line))
    if (!parsed?.success) {
      needs.log.warn({ length: line?.length, issues: parsed?.error.issues.slice(0, 3) }, 'request cannot be read')
      return
    }
    const request = parsed.data
    switch (request.kind) {
      case 'command':
        send({ kind: 'reply', requestId: request.requestId, reply: await runCommand(needs, request.command) })
        return
      case 'describe': {
        if (describing) return
        describing = true
        try {
          send({ kind: 'facts', requestId: request.requestId, groups: await needs.facts.describe(request.groups) })
        } finally {
          describing = false
        }
      }
    }
  }

  return (chunk: Uint8Array): void => {
    for (const line of split(chunk)) {
      take(line).catch((error: unknown) => needs.log.error({ err: error }, 'request failed'))
    }
  }
}
