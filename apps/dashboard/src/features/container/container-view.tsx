'use client'
import Link from 'next/link'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import './container.css'
import { useConnection, usePerson, whyNotAct } from '../../client/index.ts'
import { Empty } from '../../ui/index.ts'
import { Chart, type Crosshair } from '../chart/index.ts'
import { fleetHref, Head, hostQuery } from '../shell/index.ts'
import { Actions } from './actions.tsx'
import { CHARTS } from './charts.ts'
import type { Feed, FeedState } from './feed.ts'
import { Identity } from './identity.tsx'
import { Lane } from './lane.tsx'
import { HistoryNotice, PageBanner, Refusal } from './notices.tsx'
import { ActivityCard, LeaseCard } from './rail.tsx'
import { RangeChoice, TimeControl, useTimeKeys } from './range-control.tsx'
import { useActivity } from './use-activity.ts'
import { useFeed } from './use-feed.ts'
import { type FreezeActs, useFreeze } from './use-freeze.tsx'
import { useLook } from './use-look.ts'
import type { ActivityEntry } from './words.ts'

const NO_ENTRIES: readonly ActivityEntry[] = []

/** One container: what it is, what it does and did, and the verbs that change it. */
export const ContainerView = ({ containerId }: { containerId: string }) => {
  const [look, setLook] = useLook()
  const { feed, state, crosshair } = useFeed(containerId, look)
  const { container, host } = state
  const lease = container?.lease ?? null
  const activity = useActivity(containerId, `${state.state} ${lease?.leaseId ?? ''}`)
  const acts = useFreeze({
    feed,
    containerId,
    hostName: host?.facts.name ?? 'its host',
    onActed: activity.refresh,
  })
  const follow = useCallback(() => setLook({ ...look, untilSec: null }), [look, setLook])
  useTimeKeys({ feed, look, onLook: setLook })
  useTitle(container?.name ?? null)
  const giveBack = useThaw(state, acts)

  if (container === null && state.problem?.code === 'not-found') return <NoSuchContainer />
  const name = container?.name ?? (state.gone ? 'Ended' : 'Container')
  return (
    <>
      <Head
        crumbs={[
          { label: 'Fleet', href: fleetHref('') },
          ...(host === null ? [] : [{ label: host.facts.name, href: fleetHref(hostQuery(host.facts.name)) }]),
          { label: name },
        ]}
      >
        <div className="time-controls on-desk">
          <RangeChoice look={look} onLook={setLook} />
          <TimeControl feed={feed} look={look} onLook={setLook} />
        </div>
      </Head>
      <div className="page container-page">
        <section className="ident" aria-label="Container">
          <Identity feed={feed} state={state} />
          <Actions state={state} acts={acts} />
        </section>
        {acts.refused !== null && <Refusal refused={acts.refused} onClose={acts.dismiss} />}
        <PageBanner feed={feed} state={state} look={look} onFollow={follow} />
        <div className="time-controls on-phone">
          <RangeChoice look={look} onLook={setLook} />
          <TimeControl feed={feed} look={look} onLook={setLook} />
        </div>
        <div className="cols">
          <Charts feed={feed} state={state} crosshair={crosshair} entries={activity.entries ?? NO_ENTRIES} />
          <aside className="rail" aria-label="Lease and activity">
            <LeaseCard feed={feed} state={state} onThaw={giveBack} />
            <ActivityCard feed={feed} activity={activity} />
          </aside>
        </div>
      </div>
    </>
  )
}

const Charts = ({
  feed,
  state,
  crosshair,
  entries,
}: {
  feed: Feed
  state: FeedState
  crosshair: Crosshair
  entries: readonly ActivityEntry[]
}) => {
  const charts = useMemo(
    () => CHARTS.map((spec) => <Chart key={spec.id} spec={spec} source={feed.source} crosshair={crosshair} />),
    [feed, crosshair],
  )
  const { history } = state
  return (
    <section
      className="charts"
      aria-label="Charts"
      aria-busy={history === 'loading'}
      data-stale={state.host?.online === false || state.gone || undefined}
    >
      {typeof history === 'object' && <HistoryNotice problem={history} onRetry={feed.retryHistory} />}
      <Lane source={feed.source} state={state} entries={entries} />
      {charts}
    </section>
  )
}

/** Thaw from the lease's own card; null while it cannot be done, as the button above says why. */
const useThaw = ({ container, host, gone }: FeedState, acts: FreezeActs): (() => void) | null => {
  const { role } = usePerson()
  const connection = useConnection()
  if (container === null || gone || acts.pending !== null) return null
  return whyNotAct({ container, host: host ?? undefined, role, connection }) === null ? acts.thaw : null
}

const NoSuchContainer = () => (
  <>
    <Head crumbs={[{ label: 'Fleet', href: fleetHref('') }, { label: 'No such container' }]} />
    <div className="page">
      <Empty
        title="There is no such container"
        actions={
          <Link className="btn" href={fleetHref('')}>
            Go to the fleet
          </Link>
        }
      >
        <p>It was never recorded here, or the address was cut.</p>
      </Empty>
    </div>
  </>
)

/** The tab is named after the container; what it was before comes back with the next page. */
const useTitle = (name: string | null): void => {
  const before = useRef<string | null>(null)
  useEffect(() => {
    if (name === null) return
    before.current ??= document.title
    document.title = `${name} · Corral`
  }, [name])
  useEffect(
    () => () => {
      if (before.current !== null) document.title = before.current
    },
    [],
  )
}
