'use client'
import { useCallback, useRef, useState } from 'react'
import { connectionStore, type Fleet, liveStore, useAct, useFleet, usePerson, whyNotAct } from '../../client/index.ts'
import { Skeleton, useToast } from '../../ui/index.ts'
import { Head } from '../shell/index.ts'
import { FIRST_SORTING } from './columns.ts'
import { FilterBar } from './filter-bar.tsx'
import { FleetBanner, NoContainers, NoHosts, NoMatch } from './notices.tsx'
import { PhoneSort } from './phone-sort.tsx'
import type { FleetRow } from './prepare.ts'
import { FleetTable } from './table.tsx'
import { TotalsSkeleton, TotalsStrip } from './totals-strip.tsx'
import { useQuery } from './use-query.ts'
import { useRows } from './use-rows.ts'

/** Freezes a row's container for the usual lease, or thaws it; says why where that cannot be. */
const useRowAct = (): ((row: FleetRow) => void) => {
  const { freeze, thaw } = useAct()
  const toast = useToast()
  const { role } = usePerson()
  return useCallback(
    ({ id, container, hostName }: FleetRow) => {
      const host = liveStore.fleet()?.host(container.hostId)
      const why = whyNotAct({ container, host, role, connection: connectionStore.get() })
      const what = { containerId: id, name: container.name, hostName }
      if (why !== null) toast({ icon: 'lock', title: `${container.name} was left as it is`, detail: why })
      else if (liveStore.cell(id)?.state === 'frozen') void thaw(what)
      else void freeze(what)
    },
    [freeze, thaw, toast, role],
  )
}

const Containers = ({ fleet }: { fleet: Fleet }) => {
  const [query, setQuery] = useQuery()
  const [sorting, setSorting] = useState(FIRST_SORTING)
  const held = useRef(false)
  const { rows, terms } = useRows(fleet, query, held)
  const act = useRowAct()
  const omitted = fleet.hosts.reduce((sum, host) => sum + host.omitted, 0)
  return (
    <>
      <FilterBar fleet={fleet} query={query} setQuery={setQuery} matched={rows.length}>
        <PhoneSort sorting={sorting} setSorting={setSorting} />
      </FilterBar>
      {rows.length === 0 ? (
        <NoMatch fleet={fleet} terms={terms} query={query} setQuery={setQuery} />
      ) : (
        <FleetTable
          rows={rows}
          oneHost={fleet.hosts.length === 1}
          sorting={sorting}
          setSorting={setSorting}
          held={held}
          onAct={act}
        />
      )}
      {omitted > 0 && (
        <p className="text-small text-ink-3">
          {omitted} more groups are not shown: a host reports at most 4,096 containers.
        </p>
      )}
    </>
  )
}

const SKELETON_ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

const Loading = () => (
  <div className="grid gap-5" aria-busy="true">
    <span className="sr-only" role="status">
      Reading the fleet
    </span>
    <TotalsSkeleton />
    <Skeleton width="100%" height={34} />
    <div>
      {SKELETON_ROWS.map((key, i) => (
        <div key={key} className="flex h-(--size-row) items-center gap-6 border-b border-line">
          <Skeleton width={120 + (i % 3) * 40} height={12} />
          <Skeleton width={72} height={12} />
          <Skeleton width={96} height={12} className="ml-auto" />
          <Skeleton width={64} height={12} />
        </div>
      ))}
    </div>
  </div>
)

/** `/`: every container on every host, live. */
export const FleetPage = () => {
  const fleet = useFleet()
  return (
    <>
      <Head title="Fleet" />
      <div className="page">
        <FleetBanner fleet={fleet} />
        {fleet === null ? (
          <Loading />
        ) : fleet.hosts.length === 0 ? (
          <NoHosts />
        ) : (
          <>
            <TotalsStrip />
            {fleet.containers.length === 0 ? <NoContainers hosts={fleet.hosts} /> : <Containers fleet={fleet} />}
          </>
        )}
      </div>
    </>
  )
}
