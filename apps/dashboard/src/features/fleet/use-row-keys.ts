'use client'
import { type KeyboardEvent, useCallback, useEffect, useRef } from 'react'

const PAGE_ROWS = 10

const targetOf = (key: string, at: number, count: number): number | null => {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, at + 1)
    case 'ArrowUp':
      return at - 1
    case 'PageDown':
      return Math.min(count - 1, at + PAGE_ROWS)
    case 'PageUp':
      return Math.max(0, at - PAGE_ROWS)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

/**
 * Arrows, Home and End over virtual rows: a row that is not drawn yet gets the focus as soon as it is. Above the
 * first row is `onLeaveTop`; Enter is `onOpen`.
 */
export const useRowKeys = (
  ids: readonly string[],
  { show, onOpen, onLeaveTop }: { show: (index: number) => void; onOpen: (id: string) => void; onLeaveTop: () => void },
) => {
  const wanted = useRef<string | null>(null)

  const focusWanted = useCallback(() => {
    if (wanted.current === null) return
    const row = document.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(wanted.current)}"]`)
    if (row === null) return
    wanted.current = null
    row.focus({ preventScroll: true })
  }, [])
  useEffect(focusWanted)

  return useCallback(
    (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return
      const id = event.target.dataset.rowId
      if (id === undefined) return
      if (event.key === 'Enter') {
        event.preventDefault()
        onOpen(id)
        return
      }
      const index = targetOf(event.key, ids.indexOf(id), ids.length)
      if (index === null) return
      event.preventDefault()
      const next = ids[index]
      if (index < 0) onLeaveTop()
      else if (next !== undefined) {
        wanted.current = next
        show(index)
        requestAnimationFrame(focusWanted)
      }
    },
    [ids, show, onOpen, onLeaveTop, focusWanted],
  )
}
