'use client'
import type { LiveLease } from '@corral/protocol'
import { connectionStore, type Problem, useConnection, useNow } from '../../client/index.ts'
import { dateTime, duration, timeOfDay } from '../../ui/format.ts'
import { Banner, Button, Icon, IconButton, LeaseRing } from '../../ui/index.ts'
import type { Look } from '../chart/index.ts'
import type { Feed, FeedState } from './feed.ts'
import type { Refused } from './use-freeze.tsx'
import { leaseEnd, leaseLeft } from './words.ts'

/** What the whole page should know. One banner at a time, the weightiest first. */
export const PageBanner = ({
  feed,
  state,
  look,
  onFollow,
}: {
  feed: Feed
  state: FeedState
  look: Look
  onFollow: () => void
}) => {
  const connection = useConnection()
  const { container, host } = state
  if (state.gone) return <GoneBanner feed={feed} state={state} />
  if (connection === 'reconnecting') return <ReconnectingBanner />
  if (host !== null && !host.online)
    return <AwayBanner feed={feed} name={host.facts.name} sinceSec={host.lastSeenSec} />
  if (state.problem !== null) return <ProblemBanner problem={state.problem} />
  if (look.untilSec !== null) return <PastBanner untilSec={look.untilSec} feed={feed} onFollow={onFollow} />
  if (state.state === 'frozen' || state.state === 'freezing') {
    return <FrozenBanner feed={feed} lease={container?.lease ?? null} hostName={host?.facts.name ?? 'its host'} />
  }
  return null
}

const GoneBanner = ({ feed, state }: { feed: Feed; state: FeedState }) => {
  const frame = feed.source.frame()
  return (
    <Banner icon="x" title="This container has ended">
      Its group is gone from {state.host?.facts.name ?? 'its host'}. What was recorded until then stays here
      {frame === null ? '' : '; a restarted one is a new container on the fleet page'}.
    </Banner>
  )
}

const ReconnectingBanner = () => {
  useNow()
  return (
    <Banner icon="unplug" title="Reconnecting to the dashboard">
      No values since {timeOfDay(connectionStore.sinceSec())}. It goes on by itself, and the charts fill what they
      missed.
    </Banner>
  )
}

const AwayBanner = ({ feed, name, sinceSec }: { feed: Feed; name: string; sinceSec: number }) => (
  <Banner
    icon="unplug"
    title={
      <>
        {name} has been away <Since feed={feed} sinceSec={sinceSec} />
      </>
    }
  >
    Values are from {dateTime(sinceSec, feed.nowSec())}. Its leases still end on time; acting is off until it is back.
  </Banner>
)

/** A duration that counts up. It is not read out each second: a status says its words once. */
const Since = ({ feed, sinceSec }: { feed: Feed; sinceSec: number }) => {
  const now = useNow()
  return <span aria-hidden="true">for {duration((now === null ? sinceSec : feed.nowSec()) - sinceSec)}</span>
}

const ProblemBanner = ({ problem }: { problem: Problem }) => (
  <Banner icon="warn" title={problem.title} end={<ProblemId id={problem.id} />}>
    {[problem.detail, problem.hint].filter(Boolean).join(' ')}
  </Banner>
)

const ProblemId = ({ id }: { id: string | null }) =>
  id === null ? null : <span className="mono text-small text-ink-3">{id}</span>

const PastBanner = ({ untilSec, feed, onFollow }: { untilSec: number; feed: Feed; onFollow: () => void }) => (
  <div className="banner past" role="status">
    <Icon name="clock" />
    <div className="min-w-0">
      <p className="font-medium">Looking back, until {dateTime(untilSec, feed.nowSec())}</p>
      <p className="sub">The charts stand still. What you do happens now.</p>
    </div>
    <span className="end">
      <Button small cap="." onClick={onFollow}>
        Back to live
      </Button>
    </span>
  </div>
)

const FrozenBanner = ({ feed, lease, hostName }: { feed: Feed; lease: LiveLease | null; hostName: string }) => {
  if (lease === null) {
    return (
      <Banner tone="ice" icon="snow" title="Frozen, and Corral holds no lease on it">
        Something else froze it, or a group above it. It stays so until someone thaws it.
      </Banner>
    )
  }
  return (
    <Banner tone="ice" icon={<LeftRing feed={feed} lease={lease} />} title={<LeftText feed={feed} lease={lease} />}>
      <bdi>{lease.actor}</bdi>
      {lease.reason === null ? (
        '. '
      ) : (
        <>
          : “<bdi>{lease.reason}</bdi>”{' '}
        </>
      )}
      {leaseEnd(lease, hostName, feed.nowSec())}
    </Banner>
  )
}

/** The ring of a lease, each second. */
export const LeftRing = ({ feed, lease }: { feed: Feed; lease: LiveLease }) => {
  useNow()
  const left = leaseLeft(lease, feed.nowSec())
  return left === null ? <Icon name="snow" /> : <LeaseRing ice {...left} />
}

/** `7 min 41 s left`, each second; screen readers hear when it ends instead. */
export const LeftText = ({ feed, lease }: { feed: Feed; lease: LiveLease }) => {
  useNow()
  const left = leaseLeft(lease, feed.nowSec())
  if (left === null) return <>Frozen until someone thaws it</>
  return (
    <>
      <span className="sr-only">Frozen until {timeOfDay(lease.untilSec)}</span>
      <span aria-hidden="true">{duration(left.leftSec)} left</span>
    </>
  )
}

/** A refusal: who refused, why, and what to do. It is not an error, so it is not red. It stays until closed. */
export const Refusal = ({ refused, onClose }: { refused: Refused; onClose: () => void }) => {
  const { problem, verb } = refused
  const locked = problem.code === 'protected-target' || problem.code === 'not-allowed'
  return (
    <div className="banner refusal" role="alert">
      <Icon name={locked ? 'lock' : 'warn'} />
      <div className="min-w-0">
        <p className="font-medium">
          {verb === 'freeze' ? 'Not frozen' : 'Not thawed'}: {problem.title}
        </p>
        {problem.detail !== null && <p className="detail">{problem.detail}</p>}
        <p className="sub">{problem.hint}</p>
        {problem.id !== null && <p className="mono id">{problem.id}</p>}
      </div>
      <span className="end">
        <IconButton icon="x" label="Close" cap="Esc" small onClick={onClose} />
      </span>
    </div>
  )
}

/** History that could not be read: the charts go on with live values alone. */
export const HistoryNotice = ({ problem, onRetry }: { problem: Problem; onRetry: () => void }) => (
  <Banner
    icon="db"
    title={`History could not be read: ${problem.title}`}
    end={
      <Button small icon="again" onClick={onRetry}>
        Try again
      </Button>
    }
  >
    {[problem.detail, problem.hint, 'Live values go on.', problem.id].filter(Boolean).join(' ')}
  </Banner>
)
