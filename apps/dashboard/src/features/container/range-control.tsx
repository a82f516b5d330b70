'use client'
import { type KeyboardEvent, useRef } from 'react'
import { useKeys } from '../../client/index.ts'
import { IconButton, SplitButton } from '../../ui/index.ts'
import { type Look, RANGES, shiftLook, widenLook } from '../chart/index.ts'
import type { Feed } from './feed.ts'

interface LookProps {
  readonly look: Look
  readonly onLook: (look: Look) => void
}

/** How much time the charts show. */
export const RangeChoice = ({ look, onLook }: LookProps) => {
  const group = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = RANGES.findIndex(({ key }) => key === look.range)
    const next = (at + step + RANGES.length) % RANGES.length
    onLook({ ...look, range: RANGES[next]?.key ?? look.range })
    group.current?.querySelectorAll<HTMLElement>('[role="radio"]')[next]?.focus()
  }
  return (
    <div className="seg" role="radiogroup" aria-label="Range" ref={group} onKeyDown={onKeyDown}>
      {RANGES.map(({ key, label }) => (
        // biome-ignore lint/a11y/useSemanticElements: a button carries the design's face; the pattern is the same
        <button
          key={key}
          type="button"
          role="radio"
          aria-checked={key === look.range}
          tabIndex={key === look.range ? 0 : -1}
          onClick={() => onLook({ ...look, range: key })}
        >
          {label}
        </button>
      ))}
    </div>
  )
}

/** Earlier, later, and whether the charts follow now. */
export const TimeControl = ({ feed, look, onLook }: LookProps & { readonly feed: Feed }) => {
  const following = look.untilSec === null
  return (
    <>
      <SplitButton label="Move in time">
        <IconButton
          kind="plain"
          icon="left"
          label="Earlier"
          cap="["
          onClick={() => onLook(shiftLook(look, -1, feed.nowSec()))}
        />
        <IconButton
          kind="plain"
          icon="right"
          label="Later"
          cap="]"
          aria-disabled={following}
          onClick={() => !following && onLook(shiftLook(look, 1, feed.nowSec()))}
        />
      </SplitButton>
      <button
        type="button"
        className="btn follow"
        aria-pressed={following}
        aria-keyshortcuts="."
        title={following ? 'Hold the charts still (.)' : 'Follow the newest values (.)'}
        onClick={() => onLook(toggleFollow(look, feed))}
      >
        Follow
        <span className="contents" aria-hidden="true">
          <kbd>.</kbd>
        </span>
      </button>
    </>
  )
}

const toggleFollow = (look: Look, feed: Feed): Look => ({
  ...look,
  untilSec: look.untilSec === null ? Math.floor(feed.nowSec()) : null,
})

/** The keys of time: they work wherever the page stands, on a phone's keyboard too. */
export const useTimeKeys = ({ feed, look, onLook }: LookProps & { readonly feed: Feed }): void =>
  useKeys({
    '.': () => onLook(toggleFollow(look, feed)),
    '[': () => onLook(shiftLook(look, -1, feed.nowSec())),
    ']': () => look.untilSec !== null && onLook(shiftLook(look, 1, feed.nowSec())),
    '-': () => onLook(widenLook(look, 1)),
    '+': () => onLook(widenLook(look, -1)),
    '=': () => onLook(widenLook(look, -1)),
  })
