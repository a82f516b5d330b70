import { type ContainerState, RUNTIME_TILE, RUNTIMES } from '@corral/domain'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconName } from './icon.tsx'

const tileText = (runtime: string): string => {
  const known = RUNTIMES.find((name) => name === runtime)
  return known === undefined ? runtime.slice(0, 2) : RUNTIME_TILE[known]
}

/** The runtime in two letters. */
export const Tile = ({ runtime, big = false }: { runtime: string; big?: boolean }) => (
  <span className={cx('tile', big && 'big')} title={runtime}>
    {tileText(runtime)}
  </span>
)

export type TagTone = 'plain' | 'ice' | 'warn' | 'danger' | 'lease'

/** A short fact with its glyph. `lease` is dashed: temporary. */
export const Tag = ({ tone = 'plain', icon, children }: { tone?: TagTone; icon?: IconName; children: ReactNode }) => (
  <span className={cx('tag', tone !== 'plain' && tone)}>
    {icon && <Icon name={icon} size="xs" />}
    {children}
  </span>
)

/** A label as it is typed: `key=value` in mono. */
export const LabelTag = ({ name, value }: { name: string; value: string }) => (
  <span className="tag kv">
    <span>{name}=</span>
    {value}
  </span>
)

const STATE_WORD: Readonly<Record<ContainerState | 'unknown', string>> = {
  running: 'Running',
  frozen: 'Frozen',
  freezing: 'Freezing',
  empty: 'Empty',
  gone: 'Gone',
  unknown: 'No data',
}

/** Glyph and word of a container's state. `children` follow it quietly: the time left of a lease. */
export const StateMark = ({ state, children }: { state: ContainerState | 'unknown'; children?: ReactNode }) => {
  const cold = state === 'frozen' || state === 'freezing'
  return (
    <span className={cx('state', cold && 'ice')} data-state={state}>
      {cold ? <Icon name="snow" size="s" /> : <span className={cx('dot', state !== 'running' && 'off')} />}
      {STATE_WORD[state]}
      {children && <span className="text-ink-3">{children}</span>}
    </span>
  )
}

export const Kbd = ({ children }: { children: ReactNode }) => <kbd>{children}</kbd>

/** Initials of a person. */
export const Who = ({ name }: { name: string }) => (
  <span className="who" aria-hidden="true">
    {name
      .split(/[\s.@_-]+/)
      .slice(0, 2)
      .map((part) => part.charAt(0).toUpperCase())
      .join('')}
  </span>
)

/** How much of a lease is left, as a ring; amber in its last tenth or 90 s. */
export const LeaseRing = ({ leftSec, totalSec, ice = false }: { leftSec: number; totalSec: number; ice?: boolean }) => {
  const share = totalSec <= 0 ? 0 : Math.min(1, Math.max(0, leftSec / totalSec))
  const soon = share < 0.1 || leftSec < 90
  return (
    <svg className={cx('ring', soon ? 'soon' : ice && 'ice')} viewBox="0 0 34 34" aria-hidden="true">
      <circle cx="17" cy="17" r="14" />
      <circle className="left" cx="17" cy="17" r="14" pathLength="100" strokeDasharray={`${share * 100} 100`} />
    </svg>
  )
}
