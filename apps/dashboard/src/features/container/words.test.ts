import type { LiveLease } from '@corral/protocol'
import { describe, expect, it } from 'vitest'
import { type ActivityEntry, activityWords, freezeBehind, leaseEnd, leaseLeft, leaseText } from './words.ts'

const LEASE: LiveLease = { leaseId: 'l', actor: 'on-call', reason: null, sinceSec: 1_000, untilSec: 1_600 }
const ENTRY: ActivityEntry = {
  id: '1',
  atSec: 1_000,
  actor: 'on-call',
  verb: 'freeze',
  reason: 'pg-main is starving',
  status: 'done',
  code: null,
  detail: null,
  tookUsec: 412,
}

describe('a lease', () => {
  it('shows what is left of it and never less than nothing', () => {
    expect(leaseLeft(LEASE, 1_450)).toEqual({ leftSec: 150, totalSec: 600 })
    expect(leaseLeft(LEASE, 9_999)?.leftSec).toBe(0)
    expect(leaseLeft({ ...LEASE, untilSec: null }, 1_450)).toBeNull()
  })

  it('says who gives the container back, or that nobody does', () => {
    expect(leaseEnd(LEASE, 'ber-14', 1_450)).toMatch(/^ber-14 thaws it at \d\d:26:40/)
    expect(leaseEnd({ ...LEASE, untilSec: null }, 'ber-14', 1_450)).toBe('It stays frozen until someone thaws it.')
    expect([leaseText(600), leaseText(3_600), leaseText(null)]).toEqual(['10 min', '1 h', 'until I thaw'])
  })
})

describe('an entry of the activity list', () => {
  it('says what was done, how quickly, by whom and why', () => {
    expect(activityWords(ENTRY)).toEqual({
      icon: 'snow',
      ice: true,
      title: 'Frozen in 412 µs',
      who: 'on-call',
      why: '“pg-main is starving”',
    })
  })

  it('says why it was refused', () => {
    const refused = { ...ENTRY, status: 'refused', code: 'host-offline', tookUsec: null }
    expect(activityWords(refused)).toMatchObject({ title: 'Freeze refused', why: 'The host is not connected' })
    expect(activityWords({ ...refused, detail: 'ber-14 is away' }).why).toBe('ber-14 is away')
  })

  it('reads verbs it does not know', () => {
    expect(activityWords({ ...ENTRY, verb: 'squeeze', tookUsec: null }).title).toBe('squeeze')
  })

  it('is found behind the frozen stretch that it began', () => {
    expect(freezeBehind([ENTRY], 1_002)).toBe(ENTRY)
    expect(freezeBehind([ENTRY], 1_020)).toBeNull()
    expect(freezeBehind([{ ...ENTRY, status: 'refused' }], 1_000)).toBeNull()
  })
})
