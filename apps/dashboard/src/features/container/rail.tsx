'use client'
import type { LiveLease } from '@corral/protocol'
import { dateTime } from '../../ui/format.ts'
import { Button, Card, Icon, Skeleton } from '../../ui/index.ts'
import type { Feed, FeedState } from './feed.ts'
import { LeftRing, LeftText } from './notices.tsx'
import type { Activity } from './use-activity.ts'
import { type ActivityEntry, activityWords, leaseEnd } from './words.ts'

/** What is on loan: how much time is left, who asked, why, and what it goes back to. */
export const LeaseCard = ({ feed, state, onThaw }: { feed: Feed; state: FeedState; onThaw: (() => void) | null }) => {
  const lease = state.container?.lease ?? null
  const hostName = state.host?.facts.name ?? 'its host'
  return (
    <Card
      title="Lease"
      end={lease === null ? 'none' : `held by ${hostName}`}
      className={lease === null ? 'lease-card' : 'lease-card has-lease'}
    >
      <div className="in">
        {lease === null ? (
          <p className="text-small text-ink-2">
            A freeze is always a loan: when it ends, {state.host === null ? 'the host' : hostName} thaws by itself.
          </p>
        ) : (
          <LeaseBody feed={feed} lease={lease} hostName={hostName} onThaw={onThaw} />
        )}
      </div>
    </Card>
  )
}

const LeaseBody = ({
  feed,
  lease,
  hostName,
  onThaw,
}: {
  feed: Feed
  lease: LiveLease
  hostName: string
  onThaw: (() => void) | null
}) => (
  <>
    <div className="flex items-start gap-2.5">
      <LeftRing feed={feed} lease={lease} />
      <div className="min-w-0 text-small">
        <p className="font-medium">Frozen</p>
        <p className="text-ink-2">
          <LeftText feed={feed} lease={lease} />
        </p>
      </div>
    </div>
    <p className="mt-2.5 text-small text-ink-2 wrap-anywhere">
      {lease.reason !== null && (
        <>
          “<bdi>{lease.reason}</bdi>”{' '}
        </>
      )}
      <bdi className="text-ink-3">{lease.actor}</bdi>
    </p>
    <p className="mt-1.5 text-small text-ink-3">{leaseEnd(lease, hostName, feed.nowSec())}</p>
    {onThaw !== null && (
      <p className="mt-2.5">
        <Button small icon="undo" onClick={onThaw}>
          Give back now
        </Button>
      </p>
    )}
  </>
)

/** Entries shown in the rail. */
const MOST_SHOWN = 12

/** Who did what to this container. */
export const ActivityCard = ({ feed, activity }: { feed: Feed; activity: Activity }) => {
  const { entries, problem, refresh } = activity
  return (
    <Card title="Activity" end={entries === null ? null : String(entries.length)} className="activity-card">
      <div className="in">
        {entries === null && problem === null && <Skeleton width="100%" height={48} />}
        {entries?.length === 0 && <p className="text-small text-ink-2">Nobody has acted on it yet.</p>}
        {problem !== null && (
          <p className="text-small text-ink-2">
            It could not be read: {problem.title}.{' '}
            <button type="button" className="link" onClick={refresh}>
              Try again
            </button>
          </p>
        )}
        {entries !== null && entries.length > 0 && (
          <ol className="acts">
            {entries.slice(0, MOST_SHOWN).map((entry) => (
              <Act key={entry.id} entry={entry} nowSec={feed.nowSec()} />
            ))}
          </ol>
        )}
      </div>
    </Card>
  )
}

const Act = ({ entry, nowSec }: { entry: ActivityEntry; nowSec: number }) => {
  const { icon, ice, title, who, why } = activityWords(entry)
  return (
    <li>
      <time dateTime={new Date(entry.atSec * 1000).toISOString()}>{dateTime(entry.atSec, nowSec)}</time>
      <Icon name={icon} size="s" className={ice ? 'text-ice-ink' : undefined} />
      <div className="min-w-0 wrap-anywhere">
        <p>{title}</p>
        <p>
          <bdi>{who}</bdi>
          {why !== null && (
            <>
              , <bdi>{why}</bdi>
            </>
          )}
        </p>
      </div>
    </li>
  )
}
