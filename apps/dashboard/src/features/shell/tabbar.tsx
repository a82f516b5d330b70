'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { Icon, type IconName } from '../../ui/index.ts'
import { FleetLink } from './fleet-link.tsx'
import { FROZEN_QUERY, PRESSURE_QUERY } from './links.ts'
import { WhoMenu } from './who-menu.tsx'

const TABS: readonly { readonly query: string; readonly icon: IconName; readonly label: string }[] = [
  { query: '', icon: 'fleet', label: 'Fleet' },
  { query: PRESSURE_QUERY, icon: 'gauge', label: 'Pressure' },
  { query: FROZEN_QUERY, icon: 'snow', label: 'Frozen' },
]

/** The sidebar of a phone. */
export const Tabbar = ({ onHelp }: { onHelp: () => void }) => {
  const path = usePathname()
  const query = useSearchParams().get('q') ?? ''
  return (
    <nav className="tabbar" aria-label="Screens">
      {TABS.map((tab) => (
        <FleetLink
          key={tab.label}
          query={tab.query}
          aria-current={path === '/' && query === tab.query ? 'page' : undefined}
        >
          <Icon name={tab.icon} />
          {tab.label}
        </FleetLink>
      ))}
      <WhoMenu
        onHelp={onHelp}
        trigger={
          <button type="button">
            <Icon name="user" />
            You
          </button>
        }
      />
    </nav>
  )
}
