import type { IncomingMessage } from 'node:http'

/** Where requests say they come from, and to whom they think they speak. Pure. */

/**
 * Whether a request was made by a page of ours. Exact: no wildcard, no `null`, no missing header, no other port.
 * Browsers set Origin on every POST and WebSocket and let no page change it (RFC 6454, Fetch standard).
 */
export const isOurOrigin = (request: Pick<IncomingMessage, 'headers'>, publicOrigin: string): boolean =>
  request.headers.origin === publicOrigin

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/

/**
 * Where to send a browser that came in by another loopback name than the public one: its cookies and its Origin
 * belong to that name, so nothing would work. Null: it may stay. Never leads away from this machine.
 */
export const rightAddress = (
  request: Pick<IncomingMessage, 'headers' | 'url'>,
  publicOrigin: string,
): string | null => {
  const { host } = new URL(publicOrigin)
  const asked = request.headers.host
  if (asked === undefined || asked === host || !LOOPBACK.test(asked) || !LOOPBACK.test(host)) return null
  return `${publicOrigin}${pathOf(request)}`
}

/** The path of a request without its query; empty for what is no path (`*`, another host's address). */
export const pathnameOf = (request: Pick<IncomingMessage, 'url'>): string => {
  const path = pathOf(request)
  const end = path.indexOf('?')
  return end < 0 ? path : path.slice(0, end)
}

const pathOf = ({ url = '' }: Pick<IncomingMessage, 'url'>): string => (url.startsWith('/') ? url : '')
