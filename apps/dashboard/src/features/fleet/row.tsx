'use client'
import Link from 'next/link'
import { type CSSProperties, memo } from 'react'
import { useCell, useConnection, usePerson, whyNotAct } from '../../client/index.ts'
import { Icon, IconButton, Tile } from '../../ui/index.ts'
import {
  CpuCell,
  DiskCell,
  MemoryCell,
  NetworkCell,
  PidsCell,
  PressureCell,
  StateCell,
  ThrottledCell,
  UpCell,
} from './cells.tsx'
import type { FleetRow } from './prepare.ts'
import { Spark } from './spark.tsx'
import { useHostOf } from './use-host.ts'

export interface RowProps {
  readonly row: FleetRow
  /** Place among all rows, from 1; the header is 1. */
  readonly ariaRowIndex: number
  /** Whether Tab reaches this row. */
  readonly reachable: boolean
  readonly top: number
  readonly onFocus: (id: string) => void
  readonly onAct: (row: FleetRow) => void
}

/** The verb of the row; shown under the pointer and while the row has the focus. */
const ActButton = ({ row, onAct }: Pick<RowProps, 'row' | 'onAct'>) => {
  const frozen = useCell(row.id, (cell) => cell?.state === 'frozen')
  const why = whyNotAct({
    container: row.container,
    host: useHostOf(row.container.hostId),
    role: usePerson().role,
    connection: useConnection(),
  })
  const verb = frozen ? `Thaw ${row.container.name}` : `Freeze ${row.container.name} for 10 min`
  return (
    <IconButton
      small
      icon={why !== null ? 'lock' : frozen ? 'play' : 'snow'}
      label={why === null ? verb : `${verb}: ${why}`}
      {...(why === null ? { cap: 'F' } : { 'aria-disabled': true })}
      tabIndex={-1}
      className="act"
      onClick={() => onAct(row)}
    />
  )
}

/** One container. Its numbers follow the ticks on their own; the row itself is drawn only when it changes place. */
export const Row = memo(({ row, ariaRowIndex, reachable, top, onFocus, onAct }: RowProps) => {
  const { id, container, hostName } = row
  const host = useHostOf(container.hostId)
  const away = host !== undefined && !host.online
  const state = useCell(id, (cell) => cell?.state ?? null)
  return (
    <tr
      aria-label={container.name}
      aria-rowindex={ariaRowIndex}
      tabIndex={reachable ? 0 : -1}
      data-row-id={id}
      data-state={away ? 'unknown' : (state ?? 'unknown')}
      {...(away ? { 'data-away': '' } : {})}
      style={{ '--top': `${top}px` } as CSSProperties}
      onFocus={() => onFocus(id)}
    >
      <td className="t-name">
        <Tile runtime={container.runtime} />
        <Link href={`/containers/${id}`} tabIndex={-1} title={container.path} prefetch={false}>
          {container.name}
        </Link>
        {container.protection !== null && (
          <span className="text-ink-3" title={`Protected: ${container.protection}`}>
            <Icon name="lock" size="xs" />
            <span className="sr-only">Protected: {container.protection}</span>
          </span>
        )}
      </td>
      <td className="t-host">{hostName}</td>
      <td className="t-state">
        <StateCell container={container} away={away} />
        <ActButton row={row} onAct={onAct} />
      </td>
      <td className="t-cpu r" data-metric="cpuUsage">
        <CpuCell id={id} />
      </td>
      <td className="t-spark">
        <Spark containerId={id} />
      </td>
      <td className="t-throttled r" data-metric="cpuThrottled">
        <ThrottledCell id={id} />
      </td>
      <td className="t-memory r" data-metric="memoryCurrent">
        <MemoryCell id={id} />
      </td>
      <td className="t-pressure" data-metric="pressure">
        <PressureCell id={id} />
      </td>
      <td className="t-disk r" data-metric="ioBytes">
        <DiskCell id={id} />
      </td>
      <td className="t-network r" data-metric="networkBytes">
        <NetworkCell id={id} />
      </td>
      <td className="t-pids r" data-metric="pids">
        <PidsCell id={id} />
      </td>
      <td className="t-up r">
        <UpCell startedSec={container.startedSec} />
      </td>
    </tr>
  )
})
