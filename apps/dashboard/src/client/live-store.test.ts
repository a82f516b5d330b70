import { type HostId, SMALL_VECTOR_LENGTH } from '@corral/domain'
import type { FleetMessage, LiveContainer, LiveHost } from '@corral/protocol'
import { describe, expect, it, vi } from 'vitest'
import { createLiveStore } from './live-store.ts'
import { createRing, RING_POINTS } from './ring.ts'

const hostId = '00000000-0000-4000-8000-000000000001' as HostId
const host: LiveHost = {
  hostId,
  facts: {
    name: 'ber-14',
    kernel: '6.1',
    layout: 'v2',
    cpus: 8,
    memoryBytes: 1,
    version: '0.1.0',
    canAct: true,
    whyNot: null,
  },
  online: true,
  lastSeenSec: 0,
  cost: null,
  omitted: 0,
}
const container = (containerId: string): LiveContainer => ({
  containerId,
  hostId,
  cgroupId: containerId,
  path: `/${containerId}`,
  name: `c${containerId}`,
  runtime: 'plain',
  image: null,
  labels: {},
  protection: null,
  startedSec: 0,
  lease: null,
})
const fleet = (...ids: string[]): FleetMessage => ({ kind: 'fleet', hosts: [host], containers: ids.map(container) })
const vector = (first: number) => {
  const values = new Float32Array(SMALL_VECTOR_LENGTH).fill(Number.NaN)
  values[0] = first
  return values
}
const tick = (atSec: number, id: string, cpu: number, state: 'running' | 'frozen' = 'running'): FleetMessage => ({
  kind: 'tick',
  hostId,
  atSec,
  containerIds: [id],
  states: [state],
  values: vector(cpu),
  cost: { cpuCores: 0.01, rssBytes: 1 },
})

const setup = () => {
  const frames: (() => void)[] = []
  const store = createLiveStore((flush) => frames.push(flush))
  return {
    store,
    frame: () => {
      for (const flush of frames.splice(0)) flush()
    },
    frames,
  }
}

describe('live store', () => {
  it('tells a container’s listener once a frame, however many ticks came', () => {
    const { store, frame } = setup()
    store.receive(fleet('1', '2'))
    frame()
    const heard = vi.fn()
    const other = vi.fn()
    store.subscribeContainer('1', heard)
    store.subscribeContainer('2', other)
    for (let sec = 1; sec <= 50; sec++) store.receive(tick(sec, '1', sec))
    expect(heard).not.toHaveBeenCalled()
    frame()
    expect(heard).toHaveBeenCalledTimes(1)
    expect(other).not.toHaveBeenCalled()
    expect(store.cell('1')?.value('cpuUsage')).toBe(50)
  })

  it('asks for one frame only while none has come: a hidden tab queues nothing', () => {
    const { store, frames } = setup()
    store.receive(fleet('1'))
    for (let sec = 1; sec <= 500; sec++) store.receive(tick(sec, '1', sec))
    expect(frames).toHaveLength(1)
  })

  it('never goes back to an older reading', () => {
    const { store } = setup()
    store.receive(fleet('1'))
    store.receive(tick(10, '1', 1))
    store.receive(tick(9, '1', 2, 'frozen'))
    expect(store.cell('1')?.value('cpuUsage')).toBe(1)
    expect(store.cell('1')?.state).toBe('running')
  })

  it('forgets containers that left, and ignores ticks of unknown ones', () => {
    const { store } = setup()
    store.receive(fleet('1'))
    store.receive(fleet('2'))
    store.receive(tick(1, '1', 1))
    expect(store.cell('1')).toBeNull()
    expect(store.fleet()?.container('2')?.name).toBe('c2')
  })

  it('keeps readings across a fleet message', () => {
    const { store } = setup()
    store.receive(fleet('1'))
    store.receive(tick(1, '1', 3))
    store.receive(fleet('1', '2'))
    expect(store.cell('1')?.value('cpuUsage')).toBe(3)
  })

  it('changes the states’ version only when a state changes', () => {
    const { store } = setup()
    store.receive(fleet('1'))
    store.receive(tick(1, '1', 1))
    const before = store.statesVersion()
    store.receive(tick(2, '1', 2))
    expect(store.statesVersion()).toBe(before)
    store.receive(tick(3, '1', 0, 'frozen'))
    expect(store.statesVersion()).not.toBe(before)
  })

  it('shows a confirmed state before the next tick', () => {
    const { store, frame } = setup()
    store.receive(fleet('1'))
    store.receive(tick(1, '1', 1))
    frame()
    const heard = vi.fn()
    store.subscribeContainer('1', heard)
    store.confirmState('1', 'frozen')
    frame()
    expect(heard).toHaveBeenCalledTimes(1)
    expect(store.cell('1')?.state).toBe('frozen')
  })

  it('a missing metric is NaN, not zero', () => {
    const { store } = setup()
    store.receive(fleet('1'))
    expect(store.cell('1')?.value('cpuUsage')).toBeNaN()
    store.receive(tick(1, '1', 1))
    expect(store.cell('1')?.value('networkReceiveBytes')).toBeNaN()
  })
})

describe('ring', () => {
  it('holds the newest points, oldest first', () => {
    const ring = createRing()
    for (let sec = 1; sec <= RING_POINTS + 5; sec++) ring.push(sec, vector(sec), 0)
    expect(ring.length).toBe(RING_POINTS)
    expect(ring.at(0)).toBe(6)
    expect(ring.value(RING_POINTS - 1, 0)).toBe(RING_POINTS + 5)
    expect(ring.at(RING_POINTS)).toBeNaN()
  })

  it('replaces a point of the same second', () => {
    const ring = createRing()
    ring.push(1, vector(1), 0)
    ring.push(1, vector(2), 0)
    expect([ring.length, ring.value(0, 0)]).toEqual([1, 2])
  })

  it('starts anew when the host’s clock steps far back', () => {
    const ring = createRing()
    ring.push(1000, vector(1), 0)
    expect(ring.push(999, vector(2), 0)).toBe(false)
    expect(ring.push(100, vector(3), 0)).toBe(true)
    expect([ring.length, ring.at(0)]).toEqual([1, 100])
  })
})
