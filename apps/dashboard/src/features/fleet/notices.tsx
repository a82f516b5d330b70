'use client'
import type { LiveHost } from '@corral/protocol'
import { connectionStore, type Fleet, liveStore, useConnection, useNow } from '../../client/index.ts'
import { dateTime, duration } from '../../ui/format.ts'
import { Banner, Button, Empty, Mark } from '../../ui/index.ts'
import { AddHost } from './add-host.tsx'
import { type Term, withoutTerm } from './filter.ts'
import { wideningTerms } from './prepare.ts'

/** A lost link is worth a line only after this long; most come back before. */
const PATIENCE_SEC = 3

const awayTitle = (hosts: readonly LiveHost[], now: number): string => {
  const [first] = hosts
  if (first === undefined) return ''
  if (hosts.length > 1) return `${hosts.length} hosts are away: ${hosts.map(({ facts }) => facts.name).join(', ')}`
  return `${first.facts.name} has been away for ${duration(now - first.lastSeenSec)}`
}

/** The one thing the page should say above everything, if there is one. */
export const FleetBanner = ({ fleet }: { fleet: Fleet | null }) => {
  const connection = useConnection()
  const now = useNow()
  if (now === null) return null
  const lostFor = now - connectionStore.sinceSec()
  if (connection !== 'online' && lostFor > PATIENCE_SEC) {
    const newest = liveStore.newestSec()
    return (
      <Banner icon="unplug" title={`No connection to the dashboard for ${duration(lostFor)}`}>
        {newest === null ? 'It is tried again by itself.' : `Values are from ${dateTime(newest, now)}. `}
        {newest !== null && 'Leases still end on time; acting is off until the connection is back.'}
      </Banner>
    )
  }
  if (fleet === null) return null
  const away = fleet.hosts.filter(({ online }) => !online)
  if (away.length > 0) {
    const newest = Math.max(...away.map(({ lastSeenSec }) => lastSeenSec))
    return (
      <Banner icon="unplug" title={awayTitle(away, now)}>
        Its values are from {dateTime(newest, now)}. Leases there still end on time; acting is off until it is back.
      </Banner>
    )
  }
  const observed = fleet.hosts.find(({ facts }) => !facts.canAct)
  if (observed !== undefined) {
    return (
      <Banner icon="lock" title={`${observed.facts.name} is observed only`}>
        {observed.facts.whyNot ?? 'Its agent runs without a warden.'}
      </Banner>
    )
  }
  return null
}

export const NoHosts = () => (
  <Empty icon={<Mark size={40} className="mb-1.5 text-ink-3" />} title="No hosts yet" actions={<AddHost />}>
    <p>Paste one line on a Linux machine and its containers show up here within seconds.</p>
  </Empty>
)

export const NoContainers = ({ hosts }: { hosts: readonly LiveHost[] }) => (
  <Empty title="No containers yet">
    <p>
      {hosts.map(({ facts }) => facts.name).join(', ')} {hosts.length === 1 ? 'is' : 'are'} there. What starts on{' '}
      {hosts.length === 1 ? 'it' : 'them'} shows up here within a second or two.
    </p>
  </Empty>
)

/** Says what was asked, and offers the smallest way back. */
export const NoMatch = ({
  fleet,
  terms,
  query,
  setQuery,
}: {
  fleet: Fleet
  terms: readonly Term[]
  query: string
  setQuery: (query: string) => void
}) => {
  const [best] = wideningTerms(fleet, liveStore.cell, terms)
  return (
    <Empty
      title="Nothing matches"
      actions={
        <>
          {best && (
            <Button onClick={() => setQuery(`${withoutTerm(query, best.raw)} `.trimStart())}>Drop {best.raw}</Button>
          )}
          <Button kind="quiet" onClick={() => setQuery('')}>
            Clear all
          </Button>
        </>
      }
    >
      <p className="flex flex-wrap justify-center gap-1.5">
        {[...new Set(terms.map(({ raw }) => raw))].map((raw) => (
          <span key={raw} className="token">
            <span>{raw}</span>
          </span>
        ))}
      </p>
      {best && (
        <p>
          {best.count === 1 ? '1 container matches' : `${best.count} containers match`} without{' '}
          <span className="mono">{best.raw}</span>.
        </p>
      )}
    </Empty>
  )
}
