'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { type Crosshair, createCrosshair, type Look } from '../chart/index.ts'
import { browserHost, createBackend } from './backend.ts'
import { createFeed, type Feed, type FeedState } from './feed.ts'

/** One container's feed and crosshair, for as long as its page stands. */
export const useFeed = (
  containerId: string,
  look: Look,
): { readonly feed: Feed; readonly state: FeedState; readonly crosshair: Crosshair } => {
  const [{ feed, crosshair }] = useState(() => ({
    feed: createFeed(createBackend(containerId), browserHost, look),
    crosshair: createCrosshair(),
  }))
  useEffect(() => feed.start(), [feed])
  useEffect(() => feed.look(look), [feed, look])
  const state = useSyncExternalStore(feed.subscribe, feed.state, feed.state)
  return { feed, state, crosshair }
}
