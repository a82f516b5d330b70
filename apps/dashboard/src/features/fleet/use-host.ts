'use client'
import type { LiveHost } from '@corral/protocol'
import { useSyncExternalStore } from 'react'
import { liveStore } from '../../client/index.ts'

/** A host as it is now; undefined where there is none. */
export const useHostOf = (hostId: string): LiveHost | undefined =>
  useSyncExternalStore(
    liveStore.subscribeFleet,
    () => liveStore.fleet()?.host(hostId),
    () => undefined,
  )
