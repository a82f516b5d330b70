import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
} from '@tanstack/react-table'
import type { FleetRow } from './prepare.ts'

/** The columns of the fleet's table, and by what each is sorted. */

export const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })

const column = createColumnHelper<typeof features, FleetRow>()

/** Numbers in order; what is missing stays last either way (`sortUndefined`). */
const byNumber = (
  a: { getValue: (id: string) => unknown },
  b: { getValue: (id: string) => unknown },
  id: string,
): number => Number(a.getValue(id)) - Number(b.getValue(id))

const number = (id: string, header: string, read: (row: FleetRow) => number | undefined) =>
  column.accessor(read, { id, header, sortFn: byNumber, sortDescFirst: true, sortUndefined: 'last' })

const byText = (
  a: { getValue: (id: string) => unknown },
  b: { getValue: (id: string) => unknown },
  id: string,
): number => String(a.getValue(id)).localeCompare(String(b.getValue(id)), 'en', { numeric: true })

const text = (id: string, header: string, read: (row: FleetRow) => string) =>
  column.accessor(read, { id, header, sortFn: byText, sortDescFirst: false })

export const columns = column.columns([
  text('name', 'Container', (row) => row.container.name),
  text('host', 'Host', (row) => row.hostName),
  number('state', 'State', (row) => row.state),
  number('cpu', 'CPU', (row) => row.keys.cpu),
  column.display({ id: 'spark', header: 'Last 2 min', enableSorting: false }),
  number('throttled', 'Throttled', (row) => row.keys.throttled),
  number('memory', 'Memory', (row) => row.keys.memory),
  number('pressure', 'Pressure', (row) => row.keys.pressure),
  number('disk', 'Disk I/O', (row) => row.keys.disk),
  number('network', 'Network', (row) => row.keys.network),
  number('pids', 'Pids', (row) => row.keys.pids),
  number('up', 'Up', (row) => row.container.startedSec),
])

/** Columns whose numbers stand at the right edge. */
export const RIGHT: ReadonlySet<string> = new Set(['cpu', 'throttled', 'memory', 'disk', 'network', 'pids', 'up'])

/** The order one meets first: what uses most CPU on top. */
export const FIRST_SORTING: SortingState = [{ id: 'cpu', desc: true }]

/** Orders a phone offers, where there is no head to tap. */
export const PHONE_SORTINGS: readonly { readonly label: string; readonly sorting: SortingState }[] = [
  { label: 'CPU', sorting: FIRST_SORTING },
  { label: 'Memory', sorting: [{ id: 'memory', desc: true }] },
  { label: 'Pressure', sorting: [{ id: 'pressure', desc: true }] },
  { label: 'Frozen first', sorting: [{ id: 'state', desc: true }] },
  { label: 'Name', sorting: [{ id: 'name', desc: false }] },
  { label: 'Newest', sorting: [{ id: 'up', desc: true }] },
]
