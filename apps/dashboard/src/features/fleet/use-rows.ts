'use client'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { type Fleet, liveStore, useTick } from '../../client/index.ts'
import { isLive, parseFilter, type Term } from './filter.ts'
import { type FleetRow, NO_KEYS, prepareRows, type SortKeys, sortKeysOf } from './prepare.ts'

/** How often the order follows the values, in ms: often enough to be true, rarely enough to be read. */
const REORDER_MS = 3000

/** Counts up when the order may change. It stands still while a pointer or the keyboard is on the rows. */
const useEpoch = (held: RefObject<boolean>): number => {
  const [epoch, setEpoch] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => {
      if (!held.current && !document.hidden) setEpoch((count) => count + 1)
    }, REORDER_MS)
    return () => clearInterval(timer)
  }, [held])
  return epoch
}

const NONE: ReadonlySet<string> = new Set()

export interface Rows {
  readonly rows: FleetRow[]
  readonly terms: readonly Term[]
}

/**
 * The rows that match `query`, with the keys by which they are sorted. While a pointer or the keyboard is on them no
 * row goes: what one just froze stays where it was, also under `cpu>1`.
 */
export const useRows = (fleet: Fleet, query: string, held: RefObject<boolean>): Rows => {
  const epoch = useEpoch(held)
  const begun = useTick(() => liveStore.newestSec() !== null, false)
  const statesVersion = useTick(liveStore.statesVersion, 0)
  const kept = useRef<ReadonlyMap<string, SortKeys>>(new Map())
  const shown = useRef<{ terms: readonly Term[]; ids: ReadonlySet<string> }>({ terms: [], ids: NONE })
  const terms = useMemo(() => parseFilter(query), [query])

  // biome-ignore lint/correctness/useExhaustiveDependencies: epoch and begun say when to read the store again
  const keys = useMemo(() => {
    const next = new Map<string, SortKeys>()
    for (const { containerId: id } of fleet.containers) {
      const before = held.current ? kept.current.get(id) : undefined
      next.set(id, before ?? sortKeysOf(liveStore.cell(id)))
    }
    kept.current = next
    return next
  }, [fleet, epoch, begun, held])

  const filterEpoch = isLive(terms) ? epoch : 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: a state or, for a live filter, a value has changed
  const rows = useMemo(() => {
    const stay = held.current && shown.current.terms === terms ? shown.current.ids : NONE
    const next = prepareRows(fleet, liveStore.cell, { terms, stay, keysOf: (id) => keys.get(id) ?? NO_KEYS })
    shown.current = { terms, ids: new Set(next.map(({ id }) => id)) }
    return next
  }, [fleet, terms, keys, held, statesVersion, filterEpoch])
  return { rows, terms }
}
