'use client'
import { type Header, type SortingState, useTable } from '@tanstack/react-table'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useRouter } from 'next/navigation'
import {
  type Dispatch,
  type RefObject,
  type SetStateAction,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { PHONE, useKeys, useMedia } from '../../client/index.ts'
import { cx, Icon } from '../../ui/index.ts'
import { FILTER_ID } from '../shell/index.ts'
import { columns, features, RIGHT } from './columns.ts'
import type { FleetRow } from './prepare.ts'
import { Row } from './row.tsx'
import { useRowKeys } from './use-row-keys.ts'

/** Heights in pixels; fleet.css draws them. */
const ROW_PX = 34
const PHONE_ROW_PX = 60
/** Rows drawn beyond the window, so that search in the page and a fast wheel find them. */
const OVERSCAN = 50

const SORT_WORD = { asc: 'ascending', desc: 'descending' } as const

const HeaderCell = ({ header }: { header: Header<typeof features, FleetRow, unknown> }) => {
  const { column } = header
  const sorted = column.getIsSorted()
  const label = String(column.columnDef.header)
  return (
    <th
      scope="col"
      className={cx(`t-${column.id}`, RIGHT.has(column.id) && 'r')}
      {...(sorted === false ? {} : { 'aria-sort': SORT_WORD[sorted] })}
    >
      {column.getCanSort() ? (
        <button type="button" onClick={column.getToggleSortingHandler()}>
          {label}
          {sorted !== false && <Icon name="sort" size="xs" />}
        </button>
      ) : (
        label
      )}
    </th>
  )
}

export interface FleetTableProps {
  readonly rows: FleetRow[]
  readonly oneHost: boolean
  readonly sorting: SortingState
  readonly setSorting: Dispatch<SetStateAction<SortingState>>
  /** Set while a pointer or the keyboard is on the rows: the order then stands still. */
  readonly held: RefObject<boolean>
  readonly onAct: (row: FleetRow) => void
}

/** All containers that match, as a grid of virtual rows. */
export const FleetTable = ({ rows: data, oneHost, sorting, setSorting, held, onAct }: FleetTableProps) => {
  const router = useRouter()
  const table = useTable({
    features,
    columns,
    data,
    state: { sorting },
    onSortingChange: setSorting,
    enableSortingRemoval: false,
    enableMultiSort: false,
    getRowId: (row: FleetRow) => row.id,
  })
  const rows = table.getRowModel().rows
  const ids = useMemo(() => rows.map(({ id }) => id), [rows])

  const phone = useMedia(PHONE)
  const body = useRef<HTMLTableSectionElement>(null)
  const [bodyTop, setBodyTop] = useState(0)
  useEffect(() => {
    const measure = () => setBodyTop((body.current?.getBoundingClientRect().top ?? 0) + scrollY)
    measure()
    const resized = new ResizeObserver(measure)
    resized.observe(document.body)
    return () => resized.disconnect()
  }, [])
  const rowPx = phone ? PHONE_ROW_PX : ROW_PX
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowPx,
    scrollMargin: bodyTop,
    scrollPaddingStart: 90,
    scrollPaddingEnd: 90,
    overscan: OVERSCAN,
    getItemKey: (index) => ids[index] ?? index,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are asked for again when the layout changes
  useEffect(() => virtual.measure(), [rowPx])

  const [reached, setReached] = useState<string | null>(null)
  const reachable = reached !== null && ids.includes(reached) ? reached : ids[0]
  const show = useCallback((index: number) => virtual.scrollToIndex(index), [virtual])
  const open = useCallback((id: string) => router.push(`/containers/${id}`), [router])
  const toFilter = useCallback(() => document.getElementById(FILTER_ID)?.focus(), [])
  const onKeyDown = useRowKeys(ids, { show, onOpen: open, onLeaveTop: toFilter })
  useKeys({
    f: () => {
      const id = document.activeElement?.closest<HTMLElement>('[data-row-id]')?.dataset.rowId
      const row = rows.find((candidate) => candidate.id === id)
      if (row !== undefined) onAct(row.original)
    },
  })

  const pointer = useRef(false)
  const keyboard = useRef(false)
  const hold = useCallback(() => {
    held.current = pointer.current || keyboard.current
  }, [held])
  useEffect(
    () => () => {
      held.current = false
    },
    [held],
  )

  return (
    <table
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows take the focus and keys
      role="grid"
      aria-label="Containers"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      className={cx('fleet', oneHost && 'one-host')}
    >
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr aria-rowindex={1} key={group.id}>
            {group.headers.map((header) => (
              <HeaderCell key={header.id} header={header} />
            ))}
          </tr>
        ))}
      </thead>
      <tbody
        ref={body}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
        onPointerEnter={({ pointerType }) => {
          pointer.current = pointerType === 'mouse'
          hold()
        }}
        onPointerLeave={() => {
          pointer.current = false
          hold()
        }}
        onFocus={({ target }) => {
          keyboard.current = target.matches(':focus-visible')
          hold()
        }}
        onBlur={() => {
          keyboard.current = false
          hold()
        }}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]
          if (row === undefined) return null
          return (
            <Row
              key={row.id}
              row={row.original}
              ariaRowIndex={index + 2}
              reachable={row.id === reachable}
              top={start - bodyTop}
              onFocus={setReached}
              onAct={onAct}
            />
          )
        })}
      </tbody>
    </table>
  )
}
