'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { fleetSummary, liveStore, useFleet, useNow, usePerson, useTick } from '../../client/index.ts'
import { age, bytes, count, percent, plain } from '../../ui/format.ts'
import { Icon, type IconName, Mark, Who } from '../../ui/index.ts'
import { FleetLink } from './fleet-link.tsx'
import { FROZEN_QUERY, hostQuery, PRESSURE_QUERY } from './links.ts'
import { WhoMenu } from './who-menu.tsx'

/** Hosts the sidebar names; the busiest first. */
const MOST_HOSTS = 24

const useIsCurrent = (): ((query: string) => boolean) => {
  const path = usePathname()
  const query = useSearchParams().get('q') ?? ''
  return (asked) => path === '/' && query === asked
}

const NavLink = ({
  query,
  icon,
  tone,
  label,
  n,
}: {
  query: string
  icon: IconName
  tone?: string
  label: string
  n: string
}) => (
  <FleetLink query={query} aria-current={useIsCurrent()(query) ? 'page' : undefined} title={label}>
    <Icon name={icon} className={tone} />
    <span className="word">{label}</span>
    <span className="n">{n}</span>
  </FleetLink>
)

const HostLink = ({
  hostId,
  name,
  online,
  lastSeenSec,
}: {
  hostId: string
  name: string
  online: boolean
  lastSeenSec: number
}) => {
  const load = useTick(() => Math.round((fleetSummary()?.hostCpu.get(hostId) ?? Number.NaN) * 100), Number.NaN)
  const current = useIsCurrent()(hostQuery(name))
  const known = online && !Number.isNaN(load)
  const now = useNow()
  return (
    <FleetLink
      query={hostQuery(name)}
      aria-current={current ? 'page' : undefined}
      {...(online ? {} : { 'data-away': '' })}
    >
      <span className="min-w-0 truncate">{name}</span>
      {known && (
        <span className="load">
          <span style={{ width: `${Math.min(100, load)}%` }} />
        </span>
      )}
      <span className="n">
        {online ? (known ? `${load} %` : '–') : `away ${age(now === null ? null : now - lastSeenSec)}`}
      </span>
    </FleetLink>
  )
}

const Hosts = () => {
  const fleet = useFleet()
  if (fleet === null || fleet.hosts.length === 0) return null
  const busiest = [...fleet.hosts].sort(
    (a, b) => Number(b.online) - Number(a.online) || a.facts.name.localeCompare(b.facts.name),
  )
  return (
    <>
      <h2>
        Hosts<span>CPU</span>
      </h2>
      <nav className="nav hosts" aria-label="Hosts">
        {busiest.slice(0, MOST_HOSTS).map((host) => (
          <HostLink
            key={host.hostId}
            hostId={host.hostId}
            name={host.facts.name}
            online={host.online}
            lastSeenSec={host.lastSeenSec}
          />
        ))}
      </nav>
    </>
  )
}

/** What Corral itself costs, as a mean over the hosts that are there; NaN if none is. */
const readCost = (what: 'cpuCores' | 'rssBytes'): number => {
  const readings = (liveStore.fleet()?.hosts ?? []).flatMap((host) => {
    const reading = host.online ? liveStore.hostReading(host.hostId) : null
    return reading === null ? [] : [reading[what]]
  })
  return readings.reduce((sum, value) => sum + value, 0) / readings.length
}

const readCpuCost = (): string => {
  const text = plain(percent(readCost('cpuCores'), 1))
  return text === '–' ? text : `${text} of a core`
}
const readMemoryCost = (): string => plain(bytes(readCost('rssBytes')))

export const Side = ({ onHelp }: { onHelp: () => void }) => {
  const person = usePerson()
  const total = useTick(() => fleetSummary()?.totals.containers ?? null, null)
  const frozen = useTick(() => fleetSummary()?.totals.frozen ?? null, null)
  const pressed = useTick(() => fleetSummary()?.totals.underPressure ?? null, null)
  const agents = useTick(() => fleetSummary()?.totals.hostsUp ?? null, null)
  const cpuCost = useTick(readCpuCost, '–')
  const memoryCost = useTick(readMemoryCost, '–')
  return (
    <aside className="side" aria-label="Corral">
      <div>
        <FleetLink className="brand" query="">
          <Mark />
          <span className="word">Corral</span>
        </FleetLink>
        <nav className="nav" aria-label="Screens">
          <NavLink query="" icon="fleet" label="Fleet" n={total === null ? '' : count(total).value} />
        </nav>
        <h2>Views</h2>
        <nav className="nav" aria-label="Views">
          <NavLink
            query={PRESSURE_QUERY}
            icon="gauge"
            tone="text-warn-ink"
            label="Under pressure"
            n={pressed === null ? '' : count(pressed).value}
          />
          <NavLink
            query={FROZEN_QUERY}
            icon="snow"
            tone="text-ice-ink"
            label="Frozen"
            n={frozen === null ? '' : count(frozen).value}
          />
        </nav>
        <Hosts />
        <footer>
          <p title="Hosts whose agent is connected, and the memory that agent and warden take on each">
            <span>{agents === 1 ? '1 agent' : `${agents ?? '–'} agents`}</span>
            <span>{memoryCost}</span>
          </p>
          <p title="CPU that agent and warden take on each host, together">
            <span>Cost per host</span>
            <span>{cpuCost}</span>
          </p>
          <WhoMenu
            onHelp={onHelp}
            trigger={
              <button type="button" className="me">
                <Who name={person.name} />
                <span className="word min-w-0 truncate">{person.name}</span>
                <span className="word ml-auto text-small text-ink-3">{person.role}</span>
              </button>
            }
          />
        </footer>
      </div>
    </aside>
  )
}
