'use client'
import { useCallback, useSyncExternalStore } from 'react'

/** Below this width tables have two-line rows and the sidebar is a bottom bar. */
export const PHONE = '(max-width: 62.5rem)'

/** Whether a media query holds; false on the server. */
export const useMedia = (query: string): boolean => {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(query).matches,
    () => false,
  )
}
