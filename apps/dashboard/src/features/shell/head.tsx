'use client'
import Link from 'next/link'
import { Fragment, type ReactNode } from 'react'
import { type Connection, liveStore, useConnection, useTick } from '../../client/index.ts'
import { timeOfDay } from '../../ui/format.ts'
import { IconButton } from '../../ui/index.ts'
import { useHelp } from './help.tsx'
import { toggleTheme } from './theme.ts'

export interface Crumb {
  readonly label: string
  readonly href?: string
}

const WORD: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting',
  online: 'Live',
  reconnecting: 'Reconnecting',
}

/** Whether values flow, and from which second the newest is. */
export const LiveClock = () => {
  const connection = useConnection()
  const newest = useTick(liveStore.newestSec, null)
  return (
    <span className="live" data-connection={connection}>
      <span role="status">{WORD[connection]}</span>
      <time>{timeOfDay(newest)}</time>
    </span>
  )
}

/** The page's head: where one is (a title, or a path of links), quiet extras, and the live clock. */
export const Head = ({
  title,
  crumbs,
  children,
}: {
  title?: string
  crumbs?: readonly Crumb[]
  children?: ReactNode
}) => {
  const help = useHelp()
  return (
    <header className="head">
      {title !== undefined && <h1>{title}</h1>}
      {crumbs && (
        <nav aria-label="Where you are" className="min-w-0">
          <ol>
            {crumbs.map(({ label, href }, i) => (
              <Fragment key={`${label} ${href}`}>
                <li>
                  {i > 0 && (
                    <span className="text-line-2" aria-hidden="true">
                      /
                    </span>
                  )}
                  {href === undefined ? <span aria-current="page">{label}</span> : <Link href={href}>{label}</Link>}
                </li>
              </Fragment>
            ))}
          </ol>
        </nav>
      )}
      {children}
      <div className="end">
        <span className="contents max-rail:hidden">
          <IconButton icon="help" label="Keyboard" cap="?" onClick={help} />
        </span>
        <IconButton icon="theme" label="Light or dark" onClick={toggleTheme} />
        <LiveClock />
      </div>
    </header>
  )
}
