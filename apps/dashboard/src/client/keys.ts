'use client'
import { useEffect, useRef } from 'react'

/** Keys of the page. They rest while one types, and while a dialog or menu has the floor. */

const TYPING = 'input, textarea, select, [contenteditable="true"]'
const FLOATING = '[role="dialog"], [role="alertdialog"], [role="menu"]'

/** The key of an event as the design writes it: `f`, `F` (with shift), `/`, `?`, `Escape`; null if it is not ours. */
export const keyOf = (event: KeyboardEvent): string | null => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest(TYPING) || target?.closest(FLOATING) || document.querySelector('[role="dialog"]')) return null
  return event.key
}

const SEQUENCE_MS = 900

/**
 * Runs `actions[key]` when a key is pressed. A key of two, as `g f`, is a sequence within 900 ms. The newest actions
 * are used without subscribing again.
 */
export const useKeys = (actions: Readonly<Record<string, () => void>>): void => {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    let first: { key: string; at: number } | null = null
    const onKey = (event: KeyboardEvent): void => {
      const key = keyOf(event)
      if (key === null) return
      const pair = first !== null && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${key}` : null
      const action = (pair === null ? undefined : latest.current[pair]) ?? latest.current[key]
      first = { key, at: event.timeStamp }
      if (action === undefined) return
      first = null
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}
