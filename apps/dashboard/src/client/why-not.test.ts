import type { LiveContainer, LiveHost } from '@corral/protocol'
import { expect, it } from 'vitest'
import { type ActSituation, whyNotAct } from './why-not.ts'

const host = { online: true, facts: { canAct: true, whyNot: null } } as LiveHost
const container = { protection: null } as LiveContainer
const can: ActSituation = { container, host, role: 'operator', connection: 'online' }

it('an operator may, on a connected host with a warden', () => expect(whyNotAct(can)).toBeNull())
it.each<[string, Partial<ActSituation>, RegExp]>([
  ['a viewer', { role: 'viewer' }, /viewer may not/],
  ['a page without connection', { connection: 'reconnecting' }, /dashboard is not connected/],
  ['an offline host', { host: { ...host, online: false } }, /host is not connected/],
  [
    'a host without warden',
    { host: { ...host, facts: { ...host.facts, canAct: false, whyNot: 'no root' } } },
    /no root/,
  ],
  ['a protected group', { container: { ...container, protection: 'sshd' } }, /Protected: sshd/],
])('%s is told why not', (_, change, reason) => expect(whyNotAct({ ...can, ...change })).toMatch(reason))
