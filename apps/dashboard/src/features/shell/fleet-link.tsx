'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ComponentProps, MouseEvent } from 'react'
import { fleetHref } from './links.ts'

/**
 * A link to the fleet with a filter. On the fleet itself only the address changes, which the page follows at once: no
 * request, also while the dashboard is away.
 */
export const FleetLink = ({ query, ...rest }: { query: string } & Omit<ComponentProps<typeof Link>, 'href'>) => {
  const path = usePathname()
  const href = fleetHref(query)
  const onClick = (event: MouseEvent) => {
    if (path !== '/' || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return
    event.preventDefault()
    history.pushState(null, '', href)
  }
  return <Link {...rest} href={href} prefetch={false} onClick={onClick} />
}
