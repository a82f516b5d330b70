import { availableParallelism, hostname, release, totalmem } from 'node:os'
import type { HostLayout } from '@corral/cgroups'
import type { HostFacts } from '@corral/protocol'
import { VERSION } from '../shared/version.ts'

/** What an agent tells about its host at every connection. */
export const hostFactsOf = (layout: HostLayout, hasWarden: boolean): HostFacts => ({
  name: hostname().slice(0, 253),
  kernel: release().slice(0, 128),
  layout: layout.kind,
  cpus: availableParallelism(),
  memoryBytes: totalmem(),
  version: VERSION,
  canAct: hasWarden,
  whyNot: hasWarden
    ? null
    : 'The agent runs without a warden. Start Corral as root on this host to act on its containers.',
})
