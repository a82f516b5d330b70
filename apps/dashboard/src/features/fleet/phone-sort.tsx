'use client'
import type { SortingState } from '@tanstack/react-table'
import { Icon, Menu, MenuItem } from '../../ui/index.ts'
import { PHONE_SORTINGS } from './columns.ts'

const isSame = (a: SortingState, b: SortingState): boolean => a[0]?.id === b[0]?.id && a[0]?.desc === b[0]?.desc

/** The order of the rows, on a phone. */
export const PhoneSort = ({
  sorting,
  setSorting,
}: {
  sorting: SortingState
  setSorting: (sorting: SortingState) => void
}) => {
  const current = PHONE_SORTINGS.find((choice) => isSame(choice.sorting, sorting))
  return (
    <span className="contents rail:hidden">
      <Menu
        label="Order"
        align="start"
        trigger={
          <button type="button" aria-label={`Order: ${current?.label ?? 'custom'}`}>
            <Icon name="sort" size="xs" />
            {current?.label ?? 'Order'}
          </button>
        }
      >
        {PHONE_SORTINGS.map((choice) => (
          <MenuItem
            key={choice.label}
            onSelect={() => setSorting(choice.sorting)}
            end={choice === current && <Icon name="check" size="s" />}
          >
            {choice.label}
          </MenuItem>
        ))}
      </Menu>
    </span>
  )
}
