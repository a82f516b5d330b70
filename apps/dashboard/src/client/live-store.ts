import { type ContainerState, SMALL_VECTOR, SMALL_VECTOR_LENGTH } from '@corral/domain'
import type { FleetMessage, LiveContainer, LiveHost } from '@corral/protocol'
import { createRing, type Ring } from './ring.ts'

/**
 * The newest state of the fleet, outside React: a tick writes typed arrays and marks what changed; listeners hear of
 * it once a frame. A hidden tab has no frames, so what came while it slept is never painted and never replayed.
 */

export type SmallMetric = (typeof SMALL_VECTOR)[number]

/** Place of each metric in a small vector. */
export const SMALL_INDEX = Object.fromEntries(SMALL_VECTOR.map((key, i) => [key, i])) as Readonly<
  Record<SmallMetric, number>
>

/** What exists. Its identity changes only when a host or a container does. */
export interface Fleet {
  readonly hosts: readonly LiveHost[]
  readonly containers: readonly LiveContainer[]
  readonly container: (id: string) => LiveContainer | undefined
  readonly host: (id: string) => LiveHost | undefined
}

/** The newest reading of one container. */
export interface Cell {
  readonly state: ContainerState | null
  /** Unix time in seconds of the reading; null before the first. */
  readonly atSec: number | null
  /** NaN where nothing was measured. */
  value(metric: SmallMetric): number
  readonly ring: Ring
}

interface MutableCell extends Cell {
  state: ContainerState | null
  atSec: number | null
}

export interface HostReading {
  readonly atSec: number
  readonly cpuCores: number
  readonly rssBytes: number
}

type Listener = () => void
type Unsubscribe = () => void

export interface LiveStore {
  receive(message: FleetMessage): void
  /** Null until the first message. */
  fleet(): Fleet | null
  cell(containerId: string): Cell | null
  /** Newest tick of a host and what Corral itself costs there. */
  hostReading(hostId: string): HostReading | null
  /** Newest tick of any host, Unix seconds. */
  newestSec(): number | null
  /** Changes with every state change of any container. */
  statesVersion(): number
  /** Takes a state the kernel confirmed before the next tick says so. */
  confirmState(containerId: string, state: ContainerState): void
  subscribeFleet(listener: Listener): Unsubscribe
  subscribeContainer(containerId: string, listener: Listener): Unsubscribe
  /** After each frame in which anything changed. */
  subscribeTick(listener: Listener): Unsubscribe
}

const createCell = (): MutableCell => {
  const ring = createRing()
  return {
    state: null,
    atSec: null,
    ring,
    value: (metric) => ring.value(ring.length - 1, SMALL_INDEX[metric]),
  }
}

const indexFleet = (message: Extract<FleetMessage, { kind: 'fleet' }>): Fleet => {
  const containers = new Map(message.containers.map((container) => [container.containerId, container]))
  const hosts = new Map<string, LiveHost>(message.hosts.map((host) => [host.hostId, host]))
  return {
    hosts: message.hosts,
    containers: message.containers,
    container: (id) => containers.get(id),
    host: (id) => hosts.get(id),
  }
}

/** `schedule` runs a function before the next paint: `requestAnimationFrame` in a browser. */
export const createLiveStore = (schedule: (flush: () => void) => void): LiveStore => {
  const cells = new Map<string, MutableCell>()
  const hostReadings = new Map<string, HostReading>()
  const containerListeners = new Map<string, Set<Listener>>()
  const fleetListeners = new Set<Listener>()
  const tickListeners = new Set<Listener>()
  const dirty = new Set<string>()
  let fleet: Fleet | null = null
  let fleetDirty = false
  let scheduled = false
  let newest: number | null = null
  let statesVersion = 0

  const flush = (): void => {
    scheduled = false
    const changed = [...dirty]
    dirty.clear()
    if (fleetDirty) {
      fleetDirty = false
      for (const listener of [...fleetListeners]) listener()
    }
    for (const id of changed) for (const listener of [...(containerListeners.get(id) ?? [])]) listener()
    for (const listener of [...tickListeners]) listener()
  }

  const wake = (): void => {
    if (scheduled) return
    scheduled = true
    schedule(flush)
  }

  const setState = (cell: MutableCell, state: ContainerState): void => {
    if (cell.state === state) return
    cell.state = state
    statesVersion += 1
  }

  const receiveFleet = (message: Extract<FleetMessage, { kind: 'fleet' }>): void => {
    fleet = indexFleet(message)
    for (const id of [...cells.keys()]) if (fleet.container(id) === undefined) cells.delete(id)
    for (const { containerId } of fleet.containers) {
      if (!cells.has(containerId)) cells.set(containerId, createCell())
      dirty.add(containerId)
    }
    fleetDirty = true
    statesVersion += 1
  }

  const receiveTick = (message: Extract<FleetMessage, { kind: 'tick' }>): void => {
    const { atSec, containerIds, states, values, cost } = message
    newest = newest === null ? atSec : Math.max(newest, atSec)
    hostReadings.set(message.hostId, { atSec, cpuCores: cost.cpuCores, rssBytes: cost.rssBytes })
    containerIds.forEach((id, i) => {
      const cell = cells.get(id)
      if (cell === undefined || !cell.ring.push(atSec, values, i * SMALL_VECTOR_LENGTH)) return
      cell.atSec = atSec
      const state = states[i]
      if (state !== undefined) setState(cell, state)
      dirty.add(id)
    })
  }

  const subscribeTo = (listeners: Set<Listener>, listener: Listener): Unsubscribe => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return {
    receive(message) {
      if (message.kind === 'fleet') receiveFleet(message)
      else receiveTick(message)
      wake()
    },
    fleet: () => fleet,
    cell: (id) => cells.get(id) ?? null,
    hostReading: (id) => hostReadings.get(id) ?? null,
    newestSec: () => newest,
    statesVersion: () => statesVersion,
    confirmState(id, state) {
      const cell = cells.get(id)
      if (cell === undefined) return
      setState(cell, state)
      dirty.add(id)
      wake()
    },
    subscribeFleet: (listener) => subscribeTo(fleetListeners, listener),
    subscribeTick: (listener) => subscribeTo(tickListeners, listener),
    subscribeContainer(id, listener) {
      const listeners = containerListeners.get(id) ?? new Set<Listener>()
      containerListeners.set(id, listeners)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && containerListeners.get(id) === listeners) containerListeners.delete(id)
      }
    },
  }
}
