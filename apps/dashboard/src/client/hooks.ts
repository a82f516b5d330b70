'use client'
import { useCallback, useSyncExternalStore } from 'react'
import { readClock, subscribeClock } from './clock.ts'
import { type Connection, connectionStore } from './connection.ts'
import { liveStore } from './live.ts'
import type { Cell, Fleet } from './live-store.ts'

/** Reads of the live stores. On the server, and until the first message, everything is null. */

type Primitive = string | number | boolean | null

const nothing = (): null => null

/** Hosts and containers; a new object only when one of them changed. */
export const useFleet = (): Fleet | null => useSyncExternalStore(liveStore.subscribeFleet, liveStore.fleet, nothing)

/** What `select` makes of a container's newest reading. Renders again only when that changed, once a frame at most. */
export const useCell = <T extends Primitive>(containerId: string, select: (cell: Cell | null) => T): T => {
  const subscribe = useCallback(
    (listener: () => void) => liveStore.subscribeContainer(containerId, listener),
    [containerId],
  )
  return useSyncExternalStore(
    subscribe,
    () => select(liveStore.cell(containerId)),
    () => select(null),
  )
}

/** What `select` makes of the whole store after each tick. */
export const useTick = <T extends Primitive>(select: () => T, onServer: T): T =>
  useSyncExternalStore(liveStore.subscribeTick, select, () => onServer)

/** Unix time in whole seconds, each second; null on the server. */
export const useNow = (): number | null => useSyncExternalStore<number | null>(subscribeClock, readClock, nothing)

export const useConnection = (): Connection =>
  useSyncExternalStore(connectionStore.subscribe, connectionStore.get, () => 'connecting')

/** What `select` makes of the time, checked each second. Renders again only when that changed. */
export const useClock = <T extends Primitive>(select: (nowSec: number) => T, onServer: T): T =>
  useSyncExternalStore(
    subscribeClock,
    () => select(readClock()),
    () => onServer,
  )
