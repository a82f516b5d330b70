'use client'
import { useEffect, useRef } from 'react'
import { createKeyMap, type KeyActions } from './key-map.ts'

/** Keys of the page. They rest while one types, and while a dialog or menu has the floor. */

const TYPING = 'input, textarea, select, [contenteditable="true"]'
const FLOATING = '[role="dialog"], [role="alertdialog"], [role="menu"]'

const keyMap = createKeyMap()
let listeners = 0

const onKeyDown = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest(TYPING) || document.querySelector(FLOATING)) return
  const action = keyMap.press(event.key, event.timeStamp)
  if (action === null) return
  event.preventDefault()
  action()
}

/**
 * Runs `actions[key]` when a key is pressed: `f`, `F` (with shift), `/`, or a sequence of two, `g f`. The actions of
 * the latest render are used.
 */
export const useKeys = (actions: KeyActions): void => {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    const remove = keyMap.add(() => latest.current)
    if (listeners++ === 0) document.addEventListener('keydown', onKeyDown)
    return () => {
      remove()
      if (--listeners === 0) document.removeEventListener('keydown', onKeyDown)
    }
  }, [])
}
