import { randomUUID } from 'node:crypto'
import type { HostRow } from '@corral/db'
import { type CgroupId, type ContainerId, CorralError, type HostId } from '@corral/domain'
import type { Command, HostFacts } from '@corral/protocol'
import { type Attention, createAttention } from './attention.ts'
import { type AgentConnection, type AgentSocket, createConnection } from './connection.ts'
import { createHostState, type HostState, type KnownContainer } from './host-state.ts'
import type { AnswerOf } from './questions.ts'
import { createSignal, type Signal } from './signal.ts'

/** How long an order may wait for the agent to take it. */
const TAKE_WITHIN_MS = 2000
/** An answer after the deadline is still written down if it comes within this time. */
const LATE_WITHIN_MS = 60_000

/** All agents, and what they said last. It holds nothing that a restart cannot lose. */
export interface Hub extends Disposable {
  /** Raised whenever anything here changed. */
  readonly changed: Signal
  readonly attention: Attention
  /** Hosts whose agent is connected now. */
  readonly online: number
  /** A new socket of an agent; `close` must be called when it ended. */
  open(socket: AgentSocket): AgentConnection
  close(connection: AgentConnection): void
  /** The connection proved to be this host's. An older connection of the same host is cut. */
  attach(connection: AgentConnection, hostId: HostId, facts: HostFacts): void
  /** Hosts the database knows: those that were never seen here are listed as offline. */
  learn(rows: readonly HostRow[]): void
  hosts(): Iterable<HostState>
  host(hostId: HostId): HostState | undefined
  container(containerId: ContainerId): { readonly host: HostState; readonly known: KnownContainer } | undefined
  /** Replaces what is known of a host's containers, and tells everyone who waits. */
  reshape(host: HostState, containers: ReadonlyMap<CgroupId, KnownContainer>): void
  /** Sends a command; `late` gets what came after `withinMs`. Throws `host-offline` or `no-answer`. */
  command(
    host: HostState,
    command: Command,
    withinMs: number,
    late: (answer: AnswerOf<'command'> | null) => void,
  ): Promise<AnswerOf<'command'>>
  /** Asks for the newest, not yet sealed points of a container. Throws `host-offline` or `no-answer`. */
  tail(host: HostState, cgroupId: CgroupId, withinMs: number): Promise<AnswerOf<'tail'>>
}

export const createHub = (): Hub => {
  const hosts = new Map<HostId, HostState>()
  const connections = new Set<AgentConnection>()
  const index = new Map<ContainerId, KnownContainer>()
  const changed = createSignal()

  const attention = createAttention((hostId) => {
    const host = hosts.get(hostId)
    if (!host) return
    for (const cgroupId of host.points.keys()) if (!attention.isWatched(hostId, cgroupId)) host.points.delete(cgroupId)
    host.connection?.orders.attend(attention.of(hostId))
  })

  const touchShape = (host: HostState): void => {
    host.shapeVersion += 1
    changed.raise()
  }

  const close = (connection: AgentConnection): void => {
    if (connection.closed) return
    connection.closed = true
    connections.delete(connection)
    connection.orders.close()
    const host = connection.hostId === null ? undefined : hosts.get(connection.hostId)
    if (host?.connection !== connection) return
    host.connection = null
    touchShape(host)
  }

  const ordersOf = (host: HostState) => {
    if (!host.connection?.orders.taken) throw new CorralError('host-offline', host.facts.name)
    return host.connection.orders
  }

  return {
    changed,
    attention,
    get online() {
      let count = 0
      for (const host of hosts.values()) if (host.connection) count += 1
      return count
    },
    open: (socket) => {
      const connection = createConnection(socket)
      connections.add(connection)
      return connection
    },
    close,
    attach: (connection, hostId, facts) => {
      if (connection.closed) throw new CorralError('host-offline')
      const host = hosts.get(hostId) ?? createHostState(hostId, facts, Date.now())
      hosts.set(hostId, host)
      const older = host.connection
      connection.hostId = hostId
      host.connection = connection
      host.facts = facts
      host.lastSeenMs = Date.now()
      connection.orders.attend(attention.of(hostId))
      if (older && older !== connection) {
        close(older)
        older.socket.cut()
      }
      touchShape(host)
    },
    learn: (rows) => {
      let learned = false
      for (const row of rows) {
        if (hosts.has(row.id)) continue
        hosts.set(row.id, createHostState(row.id, row.facts, (row.seenAt ?? row.enrolledAt).getTime()))
        learned = true
      }
      if (learned) changed.raise()
    },
    hosts: () => hosts.values(),
    host: (hostId) => hosts.get(hostId),
    container: (containerId) => {
      const known = index.get(containerId)
      const host = known && hosts.get(known.hostId)
      return host && { host, known }
    },
    reshape: (host, containers) => {
      for (const { id } of host.containers.values()) index.delete(id)
      host.containers = containers
      for (const known of containers.values()) index.set(known.id, known)
      for (const cgroupId of host.points.keys()) if (!containers.has(cgroupId)) host.points.delete(cgroupId)
      touchShape(host)
    },
    command: async (host, command, withinMs, late) => {
      const orders = ordersOf(host)
      const requestId = randomUUID()
      const answer = host.questions.ask({
        requestId,
        kind: 'command',
        withinMs,
        late: { withinMs: LATE_WITHIN_MS, settle: late },
      })
      return await sendAndWait(
        host,
        requestId,
        orders.push({ kind: 'command', requestId, command }, TAKE_WITHIN_MS),
        answer,
      )
    },
    tail: async (host, cgroupId, withinMs) => {
      const orders = ordersOf(host)
      const requestId = randomUUID()
      const answer = host.questions.ask({ requestId, kind: 'tail', withinMs })
      return await sendAndWait(host, requestId, orders.push({ kind: 'tail', requestId, cgroupId }, withinMs), answer)
    },
    [Symbol.dispose]: () => {
      for (const connection of [...connections]) {
        close(connection)
        connection.socket.cut()
      }
      for (const host of hosts.values()) host.questions.close()
    },
  }
}

/** An order that was never taken is withdrawn with its question: whoever asked learns that nothing was sent. */
const sendAndWait = async <T>(
  host: HostState,
  requestId: string,
  taken: Promise<void>,
  answer: Promise<T>,
): Promise<T> => {
  // Withdrawing rejects the answer too; the reason that counts is that of the order.
  answer.catch(() => {})
  try {
    await taken
  } catch (error) {
    host.questions.withdraw(requestId)
    throw error
  }
  return await answer
}
