'use client'
import Link from 'next/link'
import { useNow } from '../../client/index.ts'
import { duration } from '../../ui/format.ts'
import { IconButton, LabelTag, Skeleton, StateMark, Tag, Tile, useToast } from '../../ui/index.ts'
import { fleetHref, hostQuery } from '../shell/index.ts'
import type { Feed, FeedState } from './feed.ts'

/** Labels shown in the head; the rest are counted. */
const MOST_LABELS = 6

/** What a container is: name, state, where it runs, since when, and where the kernel has it. */
export const Identity = ({ feed, state }: { feed: Feed; state: FeedState }) => {
  const { container, host } = state
  if (container === null)
    return state.gone ? <EndedIdentity hostName={host?.facts.name ?? null} /> : <IdentitySkeleton />
  const labels = Object.entries(container.labels)
  return (
    <div className="min-w-0">
      <div className="title">
        <Tile runtime={container.runtime} big />
        <h1 title={container.name}>
          <bdi>{container.name}</bdi>
        </h1>
        <StateMark state={state.state} />
        {container.protection !== null && <Tag icon="lock">protected</Tag>}
      </div>
      <p className="meta">
        <span>
          <span className="k">runtime</span>
          {container.runtime}
        </span>
        {container.image !== null && <bdi className="mono">{container.image}</bdi>}
        {host !== null && (
          <span>
            <span className="k">on</span>
            <Link className="link" href={fleetHref(hostQuery(host.facts.name))}>
              {host.facts.name}
            </Link>
          </span>
        )}
        {!state.gone && <Uptime feed={feed} sinceSec={container.startedSec} />}
        <span>
          <span className="k">cgroup</span>
          <span className="mono">{container.cgroupId}</span>
        </span>
        {labels.slice(0, MOST_LABELS).map(([name, value]) => (
          <LabelTag key={name} name={name} value={value} />
        ))}
        {labels.length > MOST_LABELS && <span className="text-ink-3">{labels.length - MOST_LABELS} more labels</span>}
      </p>
      <PathLine path={container.path} />
    </div>
  )
}

const Uptime = ({ feed, sinceSec }: { feed: Feed; sinceSec: number }) => {
  const now = useNow()
  return (
    <span>
      <span className="k">up</span>
      <span className="uptime">{now === null ? '–' : duration(feed.nowSec() - sinceSec)}</span>
    </span>
  )
}

const PathLine = ({ path }: { path: string }) => {
  const toast = useToast()
  const copy = () =>
    navigator.clipboard.writeText(path).then(
      () => toast({ icon: 'copy', title: 'Path copied' }),
      () => toast({ icon: 'warn', tone: 'warn', title: 'The browser did not allow copying' }),
    )
  return (
    <p className="path">
      <bdi className="mono" title={path}>
        {path}
      </bdi>
      <IconButton icon="copy" label="Copy the path" small onClick={() => void copy()} />
    </p>
  )
}

/** It had ended before this page was opened: its name went with it, its history did not. */
const EndedIdentity = ({ hostName }: { hostName: string | null }) => (
  <div className="min-w-0">
    <div className="title">
      <h1>A container that has ended</h1>
      <StateMark state="gone" />
    </div>
    {hostName !== null && (
      <p className="meta">
        <span>
          <span className="k">was on</span>
          <Link className="link" href={fleetHref(hostQuery(hostName))}>
            {hostName}
          </Link>
        </span>
      </p>
    )}
  </div>
)

const IdentitySkeleton = () => (
  <div className="min-w-0" aria-busy="true">
    <h1 className="sr-only">Container</h1>
    <div className="title">
      <Skeleton width={30} height={22} />
      <Skeleton width={180} height={22} />
      <Skeleton width={70} height={16} />
    </div>
    <p className="meta">
      <Skeleton width="min(420px, 80%)" height={14} />
    </p>
    <p className="path">
      <Skeleton width="min(320px, 70%)" height={14} />
    </p>
  </div>
)
