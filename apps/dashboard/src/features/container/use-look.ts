'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { formatLook, type Look, parseLook } from '../chart/index.ts'

/** What the page looks at, kept in its address so that it can be sent to someone. */
export const useLook = (): readonly [Look, (look: Look) => void] => {
  const query = useSearchParams()
  const path = usePathname()
  const look = useMemo(() => parseLook(query), [query])
  const set = useCallback(
    // Next follows the address without asking the server for the page again.
    (next: Look) => window.history.replaceState(null, '', `${path}${formatLook(next)}`),
    [path],
  )
  return [look, set]
}
