import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { detectLayout } from '@corral/cgroups'
import type { WardenMessage } from '@corral/protocol'
import { createFile, readIfThere, unlinkIfThere } from '../shared/files.ts'
import { openLogger } from '../shared/log.ts'
import { watchParent } from '../shared/parent.ts'
import { prepareAgentHome } from './agent-home.ts'
import { createDesk } from './desk.ts'
import { openExecutedCommands } from './executed.ts'
import { createFactFinder } from './facts.ts'
import { createWardenKernel } from './kernel.ts'
import { createLeaseKeeper } from './lease-keeper.ts'
import { openLeaseStore } from './lease-store.ts'
import { readWardenOptions } from './options.ts'
import { createTaskQueue } from './per-group.ts'
import { createSender } from './sender.ts'
import { type AgentSupervisor, superviseAgent } from './supervisor.ts'

/** Grace for the agent after SIGTERM, in milliseconds; the whole shutdown stays below 1.5 s. */
const AGENT_GRACE_MS = 1000

const main = async (): Promise<void> => {
  process.title = 'corral-warden'
  const options = readWardenOptions(process.argv)
  const log = openLogger('corral-warden')
  process.umask(0o077)
  const layout = detectLayout()
  const wardenDir = join(options.stateDir, 'warden')
  const { tokenFile } = prepareAgentHome(options)

  const trouble = (what: string, error?: unknown): void => log.error({ err: error }, what)
  const leases = openLeaseStore(join(wardenDir, 'leases'), layout.bootId, trouble)
  const executed = openExecutedCommands(wardenDir, layout.bootId)
  const queue = createTaskQueue()
  const stop = new AbortController()
  let supervisor: AgentSupervisor | null = null
  let send: (message: WardenMessage) => void = () => {}
  const tellLeases = (): void => send({ kind: 'leases', leases: leases.all().map((held) => held.lease) })

  const kernel = createWardenKernel(layout, () => [
    process.pid,
    ...(supervisor?.pid ? [supervisor.pid] : []),
    ...(process.ppid > 1 ? [process.ppid] : []),
    ...options.protectPids,
  ])
  const keeper = createLeaseKeeper({ kernel, leases, queue, log, changed: tellLeases })

  // Leases come before anything else: what is overdue is given back before the first request can arrive, and what a
  // stop could not give back in time is given back now.
  const unfinishedStop = join(wardenDir, 'stopping')
  const giveBackAll = async (): Promise<number> => {
    if (readIfThere(unfinishedStop) === null) createFile(unfinishedStop, () => {})
    const left = await keeper.giveBackAll()
    if (left === 0) unlinkIfThere(unfinishedStop)
    return left
  }
  const tryGiveBackAll = (): Promise<number> =>
    giveBackAll().catch((error: unknown) => {
      log.error({ err: error }, 'giving back failed')
      return leases.all().length
    })
  if (readIfThere(unfinishedStop) !== null) tryGiveBackAll()
  keeper.wake()

  let ending = false
  const end = async (why: string): Promise<void> => {
    if (ending) return
    ending = true
    log.info({ why }, 'stopping: giving back what is held')
    stop.abort()
    const [left] = await Promise.all([tryGiveBackAll(), supervisor?.stop(AGENT_GRACE_MS)])
    log.info({ left }, 'warden stopped')
    process.exit(left === 0 ? 0 : 1)
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
  watchParent(() => end('parent is gone'))

  const needs = {
    kernel,
    leases,
    executed,
    queue,
    facts: createFactFinder(kernel, log),
    signal: stop.signal,
    log,
    changed: () => {
      keeper.wake()
      tellLeases()
    },
  }
  const attach = (channel: Duplex): void => {
    const mine = createSender(channel, () => log.warn('the agent does not read; cut'))
    send = mine
    const desk = createDesk(needs, mine)
    channel.on('data', desk)
    channel.on('error', (error) => log.debug({ err: error }, 'channel'))
    tellLeases()
  }

  const identity =
    options.agentUid === null ? [] : ['--uid', String(options.agentUid), '--gid', String(options.agentGid)]
  const common = ['--dashboard', options.dashboard, '--state-dir', options.stateDir, '--token-file', tokenFile]
  supervisor = superviseAgent({
    script: join(import.meta.dirname, 'agent.mjs'),
    args: [...common, '--warden', ...identity],
    log,
    attach,
  })
  log.info({ layout: layout.kind, bootId: layout.bootId, leases: leases.all().length }, 'warden is up')
}

await main()
