import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { detectLayout } from '@corral/cgroups'
import type { WardenMessage } from '@corral/protocol'
import { openLogger } from '../shared/log.ts'
import { watchParent } from '../shared/parent.ts'
import { prepareAgentHome } from './agent-home.ts'
import { createDesk } from './desk.ts'
import { openExecutedCommands } from './executed.ts'
import { createFactFinder } from './facts.ts'
import { createLeaseKeeper } from './lease-keeper.ts'
import { openLeaseStore } from './lease-store.ts'
import { readWardenOptions } from './options.ts'
import { createTaskQueue } from './per-group.ts'
import { superviseAgent } from './supervisor.ts'

/** Grace for the agent after SIGTERM, in milliseconds; the whole shutdown stays below 3 s. */
const AGENT_GRACE_MS = 1000

const main = (): void => {
  process.title = 'corral-warden'
  const options = readWardenOptions(process.argv)
  const log = openLogger('corral-warden')
  process.umask(0o077)
  const layout = detectLayout()
  const wardenDir = join(options.stateDir, 'warden')
  const { home, tokenFile } = prepareAgentHome(options)

  // Leases come before anything else: what is overdue is given back before the first request can arrive.
  const leases = openLeaseStore(join(wardenDir, 'leases'), layout.bootId, (name) =>
    log.error({ name }, 'lease file cannot be read; removed'),
  )
  const executed = openExecutedCommands(wardenDir, layout.bootId)
  const queue = createTaskQueue()
  const stop = new AbortController()
  let send: (message: WardenMessage) => void = () => {}
  const tellLeases = (): void => send({ kind: 'leases', leases: leases.all().map((held) => held.lease) })
  const keeper = createLeaseKeeper({ layout, leases, queue, log, changed: tellLeases })
  keeper.wake()

  const ownPids = (): number[] => [
    process.pid,
    ...(supervisor.pid === null ? [] : [supervisor.pid]),
    ...(process.ppid > 1 ? [process.ppid] : []),
    ...options.protectPids,
  ]
  const needs = {
    layout,
    leases,
    executed,
    queue,
    facts: createFactFinder(layout, ownPids, log),
    ownPids,
    signal: stop.signal,
    log,
    changed: () => {
      keeper.wake()
      tellLeases()
    },
  }

  const attach = (channel: Duplex): void => {
    const mine = (message: WardenMessage): void => {
      if (channel.writable) channel.write(`${JSON.stringify(message)}\n`)
    }
    send = mine
    const desk = createDesk(needs, mine)
    channel.on('data', desk)
    channel.on('error', (error) => log.debug({ err: error }, 'channel'))
    tellLeases()
  }

  const identity =
    options.agentUid === null ? [] : ['--uid', String(options.agentUid), '--gid', String(options.agentGid)]
  const supervisor = superviseAgent({
    script: join(import.meta.dirname, 'agent.mjs'),
    args: ['--dashboard', options.dashboard, '--home', home, '--token-file', tokenFile, '--warden', ...identity],
    log,
    attach,
  })
  log.info({ layout: layout.kind, bootId: layout.bootId, leases: leases.all().length }, 'warden is up')

  let ending = false
  const end = async (why: string): Promise<void> => {
    if (ending) return
    ending = true
    log.info({ why }, 'stopping: giving back what is held')
    stop.abort()
    const left = await keeper.giveBackAll()
    await supervisor.stop(AGENT_GRACE_MS)
    log.info({ left }, 'warden stopped')
    process.exit(left === 0 ? 0 : 1)
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
  watchParent(() => end('parent is gone'))
}

main()
