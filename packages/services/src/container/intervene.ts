import { randomUUID } from 'node:crypto'
import type { InterventionEnd } from '@corral/db'
import { CorralError } from '@corral/domain'
import type { Command, CommandOutcome, CommandReply } from '@corral/protocol'
import type { Session } from '../context.ts'
import { currentBoot, type HostState } from '../hub/host-state.ts'
import type { Services } from '../services.ts'
import { type FoundContainer, findContainer } from './find.ts'

/** How long after its arrival a host may still start a command. */
const EXPIRES_IN_MS = 5000
/** A host rolls back a freeze that takes longer than 5.5 s; with starting and the way there and back: */
const ANSWER_WITHIN_MS = 12_000

type LateAnswer = Parameters<Services['hub']['command']>[3]

export type Wish =
  | { readonly verb: 'freeze'; readonly reason: string | null; readonly leaseSec: number | null }
  | { readonly verb: 'thaw'; readonly reason: string | null }

/** What the kernel confirmed, and what it took from the call to the confirmation. */
export type InterventionResult = CommandOutcome & {
  readonly interventionId: string
  /** Milliseconds. */
  readonly totalMs: number
}

/**
 * Acts on a container: intent committed to the audit log, order to the host with a deadline, result written down.
 * Throws `database-down` before anything is sent when the intent cannot be written; `host-offline` when there is
 * nobody to send it to; `no-answer` when the host took it and did not answer; else what the host refused it for.
 */
export const intervene = async (
  services: Services,
  session: Session,
  containerId: string,
  wish: Wish,
): Promise<InterventionResult> => {
  const began = performance.now()
  services.actsOf(session.userId).take('actions of one person')
  const found = await findContainer(services, containerId)
  const interventionId = randomUUID()
  await services.database.interventions.begin({
    id: interventionId,
    actor: session.email === '' ? session.name : session.email,
    verb: wish.verb,
    hostId: found.hostId,
    containerId: found.id,
    containerName: found.description.name,
    reason: wish.reason,
    args: wish.verb === 'freeze' ? { leaseSec: wish.leaseSec } : {},
  })
  const finish = (end: InterventionEnd): Promise<void> => services.ends.finish(interventionId, end)
  let reply: CommandReply
  try {
    const command = toCommand(interventionId, session, found, wish)
    // An answer that comes too late for the person who asked still ends the audit row as it really ended.
    const late: LateAnswer = (answer) => void finish(answer ? endOf(answer.reply) : NO_ANSWER)
    reply = (await services.hub.command(requireAble(found), command, ANSWER_WITHIN_MS, late)).reply
  } catch (error) {
    if (!(error instanceof CorralError && error.code === 'no-answer')) await finish(endOfRefusal(error))
    throw error
  }
  await finish(endOf(reply))
  return { ...outcomeOf(reply), interventionId, totalMs: performance.now() - began }
}

const NO_ANSWER: InterventionEnd = { status: 'refused', code: 'no-answer', detail: null, tookUsec: null, result: null }

/** The host to send it to, or the reason why nobody can act on this container now. */
const requireAble = ({ host, listed, description }: FoundContainer): HostState => {
  if (!host?.connection) throw new CorralError('host-offline', host?.facts.name ?? null)
  if (currentBoot(host) !== description.bootId) throw new CorralError('stale-target', 'the host has restarted since')
  if (!listed) throw new CorralError('stale-target', 'its host no longer lists it')
  if (!host.facts.canAct) throw new CorralError('observe-only', host.facts.whyNot)
  if (description.protection !== null) throw new CorralError('protected-target', description.protection)
  return host
}

const toCommand = (commandId: string, session: Session, { description }: FoundContainer, wish: Wish): Command => {
  const { bootId, cgroupId, path } = description
  const base = {
    commandId,
    actor: (session.email === '' ? session.name : session.email).slice(0, 200),
    reason: wish.reason,
    target: { bootId, cgroupId, path },
    expiresInMs: EXPIRES_IN_MS,
  }
  return wish.verb === 'freeze' ? { verb: 'freeze', ...base, leaseSec: wish.leaseSec } : { verb: 'thaw', ...base }
}

const endOf = (reply: CommandReply): InterventionEnd =>
  reply.ok
    ? { status: 'done', code: null, detail: null, tookUsec: reply.outcome.tookUsec, result: reply.outcome }
    : { status: 'refused', code: reply.refusal.code, detail: reply.refusal.detail, tookUsec: null, result: null }

const endOfRefusal = (error: unknown): InterventionEnd => {
  const known = error instanceof CorralError
  const code = known ? error.code : 'internal'
  return { status: 'refused', code, detail: known ? error.detail : null, tookUsec: null, result: null }
}

const outcomeOf = (reply: CommandReply): CommandOutcome => {
  if (reply.ok) return reply.outcome
  throw new CorralError(reply.refusal.code, reply.refusal.detail)
}
