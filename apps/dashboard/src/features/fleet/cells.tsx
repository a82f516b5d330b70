'use client'
import type { LiveContainer } from '@corral/protocol'
import type { CSSProperties } from 'react'
import { type Cell, PRESSURE_HOT, PRESSURES, useCell, useClock, worstPressure } from '../../client/index.ts'
import { age, byteRate, bytes, cores, count, duration, percent, type Quantity } from '../../ui/format.ts'
import { Icon, StateMark } from '../../ui/index.ts'
import { sumOf } from './prepare.ts'

/** One number each, drawn again only when its text changes. */

/** From this share of time throttled on, it is worth attention. */
const THROTTLED_HOT = 0.05

const packed = ({ value, unit }: Quantity): string => `${value}\t${unit}`

/** A quantity that follows the container's newest reading. */
const LiveQuantity = ({ id, read }: { id: string; read: (cell: Cell) => Quantity }) => {
  const [value, unit] = useCell(id, (cell) => (cell === null ? '–\t' : packed(read(cell)))).split('\t')
  if (value === '–') return <span className="text-ink-3">–</span>
  return (
    <>
      {value}
      {unit && <span className="u">{unit}</span>}
    </>
  )
}

const readCpu = (cell: Cell) => cores(cell.value('cpuUsage'))
const readMemory = (cell: Cell) => bytes(cell.value('memoryCurrent'))
const readDisk = (cell: Cell) => byteRate(sumOf(cell.value('ioReadBytes'), cell.value('ioWriteBytes')))
const readNetwork = (cell: Cell) =>
  byteRate(sumOf(cell.value('networkReceiveBytes'), cell.value('networkTransmitBytes')))
const readPids = (cell: Cell) => count(cell.value('pids'))

export const CpuCell = ({ id }: { id: string }) => <LiveQuantity id={id} read={readCpu} />
export const MemoryCell = ({ id }: { id: string }) => <LiveQuantity id={id} read={readMemory} />
export const DiskCell = ({ id }: { id: string }) => <LiveQuantity id={id} read={readDisk} />
export const NetworkCell = ({ id }: { id: string }) => <LiveQuantity id={id} read={readNetwork} />
export const PidsCell = ({ id }: { id: string }) => <LiveQuantity id={id} read={readPids} />

export const ThrottledCell = ({ id }: { id: string }) => {
  const text = useCell(id, (cell) => packed(percent(cell?.value('cpuThrottled'), 1)))
  const hot = useCell(id, (cell) => (cell?.value('cpuThrottled') ?? 0) > THROTTLED_HOT)
  const [value, unit] = text.split('\t')
  if (value === '–' || value === '0.0') return <span className="text-ink-3">{value === '–' ? '–' : '0 %'}</span>
  return (
    <span className={hot ? 'inline-flex items-center gap-1 text-warn-ink' : ''}>
      {hot && <Icon name="gauge" size="xs" />}
      {`${value} ${unit}`}
    </span>
  )
}

/** Whole percents of CPU, memory and I/O pressure and the worst of them, as one text; null if none is measured. */
const packPressure = (cell: Cell | null): string | null => {
  const worst = worstPressure(cell)
  if (cell === null || worst === null) return null
  const shares = PRESSURES.map(([, metric]) => Math.round((cell.value(metric) || 0) * 100))
  return `${shares.join(' ')} ${worst.kind} ${Math.round(worst.value * 100)}`
}

export const PressureCell = ({ id }: { id: string }) => {
  const text = useCell(id, packPressure)
  if (text === null) return <span className="text-ink-3">–</span>
  const [cpu = '0', memory = '0', io = '0', kind, worst = '0'] = text.split(' ')
  const hot = Number(worst) >= PRESSURE_HOT * 100
  return (
    <span title={`Time waiting: CPU ${cpu} %, memory ${memory} %, I/O ${io} %`}>
      <span className="psi" aria-hidden="true">
        {[cpu, memory, io].map((share, i) => (
          <i
            key={PRESSURES[i]?.[0]}
            className={Number(share) >= PRESSURE_HOT * 100 ? 'hot' : ''}
            style={{ '--v': Math.min(100, Number(share)) } as CSSProperties}
          />
        ))}
      </span>
      <span className={hot ? 'ml-1.5 text-warn-ink' : 'ml-1.5 text-ink-3'}>
        {kind} {worst} %
      </span>
    </span>
  )
}

/** Time left of a lease, to the second. */
const LeaseLeft = ({ untilSec }: { untilSec: number }) => {
  const left = useClock((now) => duration(untilSec - now), '')
  return <time title="Then the host thaws it by itself">{left}</time>
}

export const StateCell = ({ container, away }: { container: LiveContainer; away: boolean }) => {
  const state = useCell(container.containerId, (cell) => cell?.state ?? null)
  if (away) return <StateMark state="unknown" />
  const { lease } = container
  const leased = lease !== null && (state === 'frozen' || state === 'freezing')
  return (
    <StateMark state={state ?? 'unknown'}>
      {leased && lease.untilSec !== null && <LeaseLeft untilSec={lease.untilSec} />}
      {leased && lease.untilSec === null && 'until thawed'}
    </StateMark>
  )
}

export const UpCell = ({ startedSec }: { startedSec: number }) => {
  const up = useClock((now) => age(now - startedSec), '')
  return <>{up}</>
}
