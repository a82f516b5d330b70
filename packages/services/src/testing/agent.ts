import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import {
  type BootId,
  type CgroupId,
  type ContainerDescription,
  type GroupPath,
  type HostId,
  isBootId,
  isCgroupId,
  isHostId,
  SMALL_VECTOR_LENGTH,
} from '@corral/domain'
import { type HelloResult, type HostFacts, type Order, PROTOCOL_VERSION, transcriptBytes } from '@corral/protocol'
import type { AgentContext } from '../context.ts'
import { enrolHost } from '../host/enrol.ts'
import { helloHost } from '../host/hello.ts'
import { proveHost } from '../host/prove.ts'
import type { AgentConnection } from '../hub/connection.ts'
import type { Services } from '../services.ts'

/** An agent as tests play it: real keys and the real handshake, without a socket. */

const typed = <T extends string>(text: string, is: (text: string) => text is T): T => {
  if (!is(text)) throw new Error(text)
  return text
}
export const BOOT: BootId = typed('11111111-2222-4333-8444-555555555555', isBootId)
export const cgroup = (n: number): CgroupId => typed(String(n), isCgroupId)
const asHostId = (text: string): HostId => typed(text, isHostId)

export const hostFacts = (more: Partial<HostFacts> = {}): HostFacts => ({
  name: 'ash',
  kernel: '6.12.1',
  layout: 'v2',
  cpus: 4,
  memoryBytes: 2 ** 34,
  version: '0.1.0',
  canAct: true,
  whyNot: null,
  ...more,
})

export const describeContainer = (n: number, more: Partial<ContainerDescription> = {}): ContainerDescription => ({
  bootId: BOOT,
  cgroupId: cgroup(n),
  path: `/c${n}` as GroupPath,
  name: `c${n}`,
  runtime: 'plain',
  image: null,
  labels: {},
  protection: null,
  startedSec: 1_795_478_400,
  ...more,
})

export const inventoryOf = (...containers: ContainerDescription[]) => ({
  bootId: BOOT,
  containers: containers.map((one) => ({ ...one, labels: { ...one.labels } })),
  leases: [],
  omitted: 0,
})

/** Small vectors of containers 1 … `count`; every value is `value`. */
export const smallReport = (count: number, atSec: number, value = 1) => ({
  bootId: BOOT,
  atSec,
  ids: Array.from({ length: count }, (_, i) => cgroup(i + 1)),
  states: new Uint8Array(count),
  values: new Float32Array(count * SMALL_VECTOR_LENGTH).fill(value),
  full: false,
  cost: { cpuCores: 0.01, rssBytes: 1000 },
})

/** An ed25519 key pair. */
export const newIdentity = () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const { x } = privateKey.export({ format: 'jwk' })
  return {
    publicKey: new Uint8Array(Buffer.from(x ?? '', 'base64url')),
    sign: (bytes: Uint8Array) => new Uint8Array(sign(null, bytes, createPrivateKey(pem))),
  }
}
export type Identity = ReturnType<typeof newIdentity>

/** A new connection; `cuts` counts how often the dashboard ended it. */
export const connect = (services: Services): AgentContext & { readonly cuts: { count: number } } => {
  const cuts = { count: 0 }
  const connection: AgentConnection = services.hub.open({
    cut: () => {
      cuts.count += 1
    },
  })
  return { services, connection, cuts }
}

/** What an agent signs after this answer to its hello. */
export const signatureFor = (
  identity: Identity,
  hostId: HostId,
  agentNonce: Uint8Array,
  { dashboardNonce }: HelloResult,
  dashboardKey: Uint8Array,
): Uint8Array<ArrayBuffer> =>
  identity.sign(transcriptBytes({ side: 'agent', hostId, agentNonce, dashboardNonce, dashboardKey }))

/** Enrols a host with this token on a connection of its own. */
export const enrol = async (services: Services, token: string, identity: Identity): Promise<HostId> => {
  const { publicKey } = identity
  return asHostId((await enrolHost(connect(services), { token, publicKey, facts: hostFacts() })).hostId)
}

/** Connects and proves an enrolled host. */
export const proved = async (services: Services, hostId: HostId, identity: Identity, facts = hostFacts()) => {
  const ctx = connect(services)
  const agentNonce = new Uint8Array(randomBytes(32))
  const said = await helloHost(ctx, { hostId, agentNonce, version: PROTOCOL_VERSION })
  await proveHost(ctx, {
    signature: signatureFor(identity, hostId, agentNonce, said, services.keys.publicKey),
    facts,
  })
  return ctx
}

/** Takes orders of a connection and gives each to `onOrder`, until the signal aborts. */
export const takeOrders = (ctx: AgentContext, signal: AbortSignal, onOrder: (order: Order) => void): Promise<void> =>
  (async () => {
    for await (const order of ctx.connection.orders.take(signal)) onOrder(order)
  })()
