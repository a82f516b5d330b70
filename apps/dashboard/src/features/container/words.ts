import { ERRORS, isErrorCode } from '@corral/domain'
import type { LiveLease } from '@corral/protocol'
import { dateTime, duration, took } from '../../ui/format.ts'
import type { IconName } from '../../ui/index.ts'

/** What the container page says, decided apart from how it is drawn. Pure. */

/** Lengths of a freeze that are offered, in seconds; null: until someone thaws. */
export const LEASES = [300, 600, 900, 3_600, null] as const
export type Lease = (typeof LEASES)[number]

/** `10 min`, or `until I thaw`. */
export const leaseText = (leaseSec: Lease): string => (leaseSec === null ? 'until I thaw' : duration(leaseSec))

/** How long a lease was given for, and how much of it is left, in seconds; null: it has no end. */
export const leaseLeft = (
  lease: LiveLease,
  nowSec: number,
): { readonly leftSec: number; readonly totalSec: number } | null =>
  lease.untilSec === null
    ? null
    : { leftSec: Math.max(0, lease.untilSec - nowSec), totalSec: lease.untilSec - lease.sinceSec }

/** When and by whom a lease gives the container back. */
export const leaseEnd = (lease: LiveLease, hostName: string, nowSec: number): string =>
  lease.untilSec === null
    ? 'It stays frozen until someone thaws it.'
    : `${hostName} thaws it at ${dateTime(lease.untilSec, nowSec)}, even without Corral’s dashboard.`

/** One entry of the activity list, as the API gives it. */
export interface ActivityEntry {
  readonly id: string
  readonly atSec: number
  readonly actor: string
  readonly verb: string
  readonly reason: string | null
  readonly status: string
  readonly code: string | null
  readonly detail: string | null
  readonly tookUsec: number | null
}

export interface ActivityWords {
  readonly icon: IconName
  readonly ice: boolean
  readonly title: string
  readonly who: string
  readonly why: string | null
}

const VERBS: Readonly<Record<string, { readonly done: string; readonly doing: string; readonly icon: IconName }>> = {
  freeze: { done: 'Frozen', doing: 'Freeze', icon: 'snow' },
  thaw: { done: 'Thawed', doing: 'Thaw', icon: 'play' },
}

/** What an entry says: what was done or refused, by whom, how quickly, and why. */
export const activityWords = (entry: ActivityEntry): ActivityWords => {
  const verb = VERBS[entry.verb] ?? { done: entry.verb, doing: entry.verb, icon: 'clock' as const }
  const speed = entry.tookUsec === null ? '' : ` in ${took(entry.tookUsec)}`
  const reason = entry.reason === null || entry.reason === '' ? null : `“${entry.reason}”`
  if (entry.status === 'refused') {
    const code = entry.code ?? ''
    const title = isErrorCode(code) ? ERRORS[code].title : 'refused'
    return { icon: 'lock', ice: false, title: `${verb.doing} refused`, who: entry.actor, why: entry.detail ?? title }
  }
  if (entry.status === 'pending') {
    return { icon: verb.icon, ice: false, title: `${verb.doing} under way`, who: entry.actor, why: reason }
  }
  return {
    icon: verb.icon,
    ice: entry.verb === 'freeze',
    title: `${verb.done}${speed}`,
    who: entry.actor,
    why: reason,
  }
}

/** Seconds by which the kernel's word and the record of an act may differ. */
const SAME_ACT_SEC = 4

/** The freeze that began a frozen stretch, if it is on record. */
export const freezeBehind = (entries: readonly ActivityEntry[], fromSec: number): ActivityEntry | null =>
  entries.find(
    ({ verb, status, atSec }) => verb === 'freeze' && status === 'done' && Math.abs(atSec - fromSec) <= SAME_ACT_SEC,
  ) ?? null
