'use client'
import { useRouter } from 'next/navigation'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { runUndo, useKeys, watchFleet } from '../../client/index.ts'
import { HelpDialog, HelpProvider } from './help.tsx'
import { Side } from './side.tsx'
import { Tabbar } from './tabbar.tsx'

/** The id of the fleet's filter field, for the key `/`. */
export const FILTER_ID = 'filter'

/** What stands around every signed-in page; while it stands, the fleet is live. */
export const Shell = ({ children }: { children: ReactNode }) => {
  const router = useRouter()
  const [helpOpen, setHelpOpen] = useState(false)
  const help = useCallback(() => setHelpOpen(true), [])
  useEffect(watchFleet, [])
  useKeys({
    '?': help,
    u: runUndo,
    'g f': () => router.push('/'),
    '/': () => {
      const filter = document.getElementById(FILTER_ID)
      if (filter === null) router.push(`/#${FILTER_ID}`)
      else filter.focus()
    },
  })
  return (
    <HelpProvider value={help}>
      <div className="app">
        <a className="skip btn" href="#main">
          Skip to content
        </a>
        <Side onHelp={help} />
        <main id="main" className="min-w-0" tabIndex={-1}>
          {children}
        </main>
        <Tabbar onHelp={help} />
      </div>
      <HelpDialog open={helpOpen} onOpenChange={setHelpOpen} />
    </HelpProvider>
  )
}
