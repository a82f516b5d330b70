'use client'
import type { ReactNode } from 'react'
import { fleetSummary, type Totals, useTick } from '../../client/index.ts'
import { bytes, cores, count, percent, plain, type Quantity } from '../../ui/format.ts'
import { Icon, type IconName, Skeleton } from '../../ui/index.ts'
import { FleetLink, FROZEN_QUERY, PRESSURE_QUERY } from '../shell/index.ts'

/** Two texts that follow the totals, drawn again only when one of them changes. */
const Total = ({
  name,
  query,
  icon,
  tone,
  label,
  read,
  sub,
}: {
  name: string
  query: string
  icon?: IconName
  tone?: string
  label: ReactNode
  read: (totals: Totals) => Quantity
  sub: (totals: Totals) => string
}) => {
  const from = (reading: (totals: Totals) => string) => () => {
    const summary = fleetSummary()
    return summary === null ? '' : reading(summary.totals)
  }
  const [value = '', unit = ''] = useTick(
    from((totals) => `${read(totals).value}\t${read(totals).unit}`),
    '',
  ).split('\t')
  const small = useTick(from(sub), '')
  return (
    <FleetLink query={query} data-total={name}>
      <span className="k">
        {icon && <Icon name={icon} size="s" className={tone} />}
        {label}
      </span>
      <span className="v">
        {value}
        {unit !== '' && <span className="u">{unit}</span>}
      </span>
      <span className="s">{small}</span>
    </FleetLink>
  )
}

const PRESSURE_WORD = { cpu: 'CPU', mem: 'memory', io: 'I/O' } as const

const joined = (...parts: readonly (string | false)[]): string => parts.filter(Boolean).join(', ')
const share = (used: number, of: number): string => (of === 0 ? '–' : plain(percent(used / of)))

/** What the whole fleet does now. Each total leads to its filter. */
export const TotalsStrip = () => (
  <section className="totals" aria-label="Totals">
    <Total
      name="hosts"
      query=""
      label="Hosts up"
      read={(t) => ({ value: count(t.hostsUp).value, unit: `of ${count(t.hosts).value}` })}
      sub={(t) => (t.hostsUp === t.hosts ? `${count(t.containers).value} containers` : `${t.hosts - t.hostsUp} away`)}
    />
    <Total
      name="running"
      query="running"
      label="Running"
      read={(t) => count(t.running)}
      sub={(t) => joined(`${t.empty} empty`, t.unknown > 0 && `${t.unknown} unknown`)}
    />
    <Total
      name="frozen"
      query={FROZEN_QUERY}
      icon="snow"
      tone="text-ice-ink"
      label="Frozen"
      read={(t) => count(t.frozen)}
      sub={(t) => (t.frozen === 0 ? 'nothing is held' : t.leases === 0 ? 'not by Corral' : `${t.leases} leased`)}
    />
    <Total
      name="pressure"
      query={PRESSURE_QUERY}
      icon="gauge"
      tone="text-warn-ink"
      label={
        <>
          <span className="max-rail:hidden">Under pressure</span>
          <span className="rail:hidden">Pressure</span>
        </>
      }
      read={(t) => count(t.underPressure)}
      sub={(t) => (t.worst === null ? 'none above 10 %' : `most: ${PRESSURE_WORD[t.worst.kind]} in ${t.worst.name}`)}
    />
    <Total
      name="cpu"
      query=""
      label="CPU"
      read={(t) => cores(t.cpuCores)}
      sub={(t) => `${share(t.cpuCores, t.cpuCount)} of ${count(t.cpuCount).value} cores`}
    />
    <Total
      name="memory"
      query=""
      label="Memory"
      read={(t) => bytes(t.memoryBytes)}
      sub={(t) => `${share(t.memoryBytes, t.memoryTotalBytes)} of ${plain(bytes(t.memoryTotalBytes))}`}
    />
  </section>
)

export const TotalsSkeleton = () => (
  <div className="totals" aria-hidden="true">
    {['Hosts', 'Running', 'Frozen', 'Pressure', 'CPU', 'Memory'].map((name, i) => (
      <div key={name}>
        <span className="k">
          <Skeleton width={56 + (i % 3) * 14} height={10} />
        </span>
        <span className="v">
          <Skeleton width={64} height={20} />
        </span>
        <span className="s">
          <Skeleton width={92} height={10} />
        </span>
      </div>
    ))}
  </div>
)
