'use client'
import { useSearchParams } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'

const WRITE_AFTER_MS = 250

/** A query from an address ends its last term, so that it shows as a token. */
const finished = (query: string): string => (query === '' ? '' : `${query} `)

/**
 * The filter's text, kept in the address as `?q=`. Typing is written there when it pauses; a link or the browser's
 * back button changes the text at once.
 */
export const useQuery = (): readonly [query: string, setQuery: (query: string) => void] => {
  const inAddress = useSearchParams().get('q') ?? ''
  const [query, setQuery] = useState(finished(inAddress))
  const written = useRef(inAddress)

  useEffect(() => {
    if (inAddress === written.current) return
    written.current = inAddress
    setQuery(finished(inAddress))
  }, [inAddress])

  useEffect(() => {
    const timer = setTimeout(() => {
      const trimmed = query.trim()
      if (trimmed === written.current) return
      written.current = trimmed
      const address = new URL(location.href)
      if (trimmed === '') address.searchParams.delete('q')
      else address.searchParams.set('q', trimmed)
      history.replaceState(null, '', address)
    }, WRITE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [query])

  return [query, setQuery]
}
