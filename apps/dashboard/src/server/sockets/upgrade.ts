import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { AGENT_PATH, LIVE_PATH } from '@corral/protocol'
import { isOurOrigin, pathnameOf } from '../origin.ts'

/** Decides what becomes of a request to change to another protocol. Pure. */

export type UpgradeVerdict =
  | { readonly kind: 'live' | 'agent' | 'pages' }
  | { readonly kind: 'refuse'; readonly status: string }
  | { readonly kind: 'destroy' }

export interface UpgradeRules {
  readonly publicOrigin: string
  /** Whether the program is ready to serve. */
  readonly started: boolean
  /** Next reloads pages over a socket of its own while they are written. */
  readonly dev: boolean
}

/**
 * Browsers may open `/live`, from pages of ours only. `/agent` is for programs: a request with an Origin comes from
 * a page somewhere and is refused. Anything else is no address of ours.
 */
export const judgeUpgrade = (
  request: Pick<IncomingMessage, 'headers' | 'url' | 'method'>,
  { publicOrigin, started, dev }: UpgradeRules,
): UpgradeVerdict => {
  const path = pathnameOf(request)
  if (request.method !== 'GET' || request.headers.upgrade?.toLowerCase() !== 'websocket') return { kind: 'destroy' }
  if (dev && path.startsWith('/_next/hmr')) return { kind: 'pages' }
  if (path !== LIVE_PATH && path !== AGENT_PATH) return { kind: 'destroy' }
  const allowed = path === LIVE_PATH ? isOurOrigin(request, publicOrigin) : request.headers.origin === undefined
  if (!allowed) return { kind: 'refuse', status: '403 Forbidden' }
  if (!started) return { kind: 'refuse', status: '503 Service Unavailable' }
  return { kind: path === LIVE_PATH ? 'live' : 'agent' }
}

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void
