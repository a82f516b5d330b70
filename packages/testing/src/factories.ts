import type { BootId, CgroupId, ContainerDescription, GroupPath } from '@corral/domain'
import type { Command, HostFacts } from '@corral/protocol'

/** Values of the domain with everything filled in; name only what a test is about. */

export const BOOT = '5f0d9a3c-1c38-4d0e-9d3a-7c1f0a3b2e11' as BootId
export const OTHER_BOOT = '0e6b1f5a-3c2d-4b1a-8f7e-6d5c4b3a2f10' as BootId

export const someContainer = (given: Partial<ContainerDescription> = {}): ContainerDescription => ({
  bootId: BOOT,
  cgroupId: '101' as CgroupId,
  path: '/made/web' as GroupPath,
  name: 'web',
  runtime: 'plain',
  image: null,
  labels: {},
  protection: null,
  startedSec: 1_700_000_000,
  ...given,
})

export const someHost = (given: Partial<HostFacts> = {}): HostFacts => ({
  name: 'host-14',
  kernel: '6.18.0',
  layout: 'v2',
  cpus: 2,
  memoryBytes: 2 ** 31,
  version: '0.1.0',
  canAct: true,
  whyNot: null,
  ...given,
})

let commands = 0
/** A fresh, valid command id at each call. */
const nextCommandId = (): string => {
  commands += 1
  return `00000000-0000-4000-8000-${String(commands).padStart(12, '0')}`
}

const commandBase = () => ({
  commandId: nextCommandId(),
  actor: 'ada',
  reason: null,
  target: { bootId: BOOT, cgroupId: '101' as CgroupId, path: '/made/web' as GroupPath },
  expiresInMs: 5000,
})

type Freeze = Extract<Command, { verb: 'freeze' }>
type Thaw = Extract<Command, { verb: 'thaw' }>

export const freezeOf = (given: Partial<Freeze> = {}): Freeze => ({
  verb: 'freeze',
  ...commandBase(),
  leaseSec: null,
  ...given,
})
export const thawOf = (given: Partial<Thaw> = {}): Thaw => ({ verb: 'thaw', ...commandBase(), ...given })
