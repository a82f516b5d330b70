'use client'
import { type CSSProperties, useEffect, useRef } from 'react'
import { duration, timeOfDay } from '../../ui/format.ts'
import { Icon } from '../../ui/index.ts'
import type { FrameSource } from '../chart/index.ts'
import type { FeedState, FrozenMark } from './feed.ts'
import { type ActivityEntry, freezeBehind } from './words.ts'

/**
 * What happened in the range, on the charts' own time axis. The marks stand at seconds; only the two edges of the
 * window move, so a tick writes two properties and renders nothing.
 */
export const Lane = ({
  source,
  state,
  entries,
}: {
  source: FrameSource
  state: FeedState
  entries: readonly ActivityEntry[]
}) => {
  const lane = useRef<HTMLUListElement>(null)
  // CSS computes in single precision: seconds are counted from the first frame, not from 1970.
  const base = useRef<number | null>(null)
  const zero = base.current ?? 0

  useEffect(() => {
    const place = () => {
      const frame = source.frame()
      if (frame === null || lane.current === null) return
      base.current ??= Math.floor(frame.fromSec)
      lane.current.style.setProperty('--from', String(frame.fromSec - base.current))
      lane.current.style.setProperty('--span', String(frame.toSec - frame.fromSec))
    }
    place()
    return source.subscribe(place)
  }, [source])

  return (
    <ul className="lane" ref={lane} aria-label="Events in this range">
      <li className="what" aria-hidden="true">
        Events
      </li>
      {state.beganSec !== null && (
        <li className="at" style={{ '--at': state.beganSec - zero } as CSSProperties}>
          <span>Recording began at {beganText(state.beganSec)}</span>
        </li>
      )}
      {state.frozen.map((mark) => (
        <FrozenSpan key={`${mark.fromSec}`} mark={mark} zero={zero} entries={entries} />
      ))}
    </ul>
  )
}

/** To the minute where that is all that is known. */
const beganText = (sec: number): string => (sec % 60 === 0 ? timeOfDay(sec).slice(0, 5) : timeOfDay(sec))

const FrozenSpan = ({
  mark: { fromSec, toSec },
  zero,
  entries,
}: {
  mark: FrozenMark
  zero: number
  entries: readonly ActivityEntry[]
}) => {
  const freeze = fromSec === null ? null : freezeBehind(entries, fromSec)
  const length = fromSec === null || toSec === null ? '' : ` ${duration(toSec - fromSec)}`
  const style = {
    ...(fromSec === null ? {} : { '--at': fromSec - zero }),
    ...(toSec === null ? {} : { '--to': toSec - zero }),
  } as CSSProperties
  const from = fromSec === null ? 'before this range' : timeOfDay(fromSec)
  const to = toSec === null ? 'now' : timeOfDay(toSec)
  const why = freeze?.reason ? ` “${freeze.reason}”` : ''
  return (
    <li
      className="frozen"
      style={style}
      data-open-start={fromSec === null || undefined}
      data-open-end={toSec === null || undefined}
      title={`Frozen${length}: ${from} to ${to}${freeze === null ? '' : `, ${freeze.actor}`}${why}`}
    >
      <Icon name="snow" size="s" />
      <span className="mark-text">
        Frozen{length}
        {freeze !== null && <bdi className="mark-who">{freeze.actor}</bdi>}
      </span>
    </li>
  )
}
