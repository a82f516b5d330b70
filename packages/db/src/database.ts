import type { CgroupId, ContainerDescription, ContainerId, ErrorCode, HostId, MetricKey, Role } from '@corral/domain'

/**
 * What the rest of Corral sees of Postgres: domain values in and out, no Prisma type, no SQL. Every method that
 * touches the database throws `CorralError('database-down')` when it cannot be reached.
 */
export interface Database extends AsyncDisposable {
  /** Applies what is new in a folder of Prisma migrations, one transaction each; names what it applied. */
  migrate(folder: string): Promise<{ readonly applied: readonly string[] }>
  /** Resolves when the database answers. */
  ping(): Promise<void>
  /** The client that better-auth's Prisma adapter wants; for nothing else. */
  readonly authClient: object
  readonly hosts: Hosts
  readonly tokens: Tokens
  readonly containers: Containers
  readonly blocks: Blocks
  readonly interventions: Interventions
  readonly sessions: Sessions
}

/** What a host said about itself when it last connected. */
export interface HostFacts {
  readonly name: string
  readonly kernel: string
  readonly layout: 'v2' | 'v1' | 'hybrid'
  readonly cpus: number
  readonly memoryBytes: number
  readonly version: string
  /** Whether a warden is there to act. */
  readonly canAct: boolean
  /** Why not, in words for people. */
  readonly whyNot: string | null
}

export type Labels = Readonly<Record<string, string>>

export interface NewHost {
  readonly name: string
  /** ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
  readonly facts: HostFacts
}

export interface HostRow extends NewHost {
  readonly id: HostId
  readonly labels: Labels
  readonly enrolledAt: Date
  /** When it last connected or reported; null: never since it enrolled. */
  readonly seenAt: Date | null
}

export interface Hosts {
  create(host: NewHost & { readonly labels: Labels }): Promise<HostRow>
  find(id: HostId): Promise<HostRow | null>
  /** All hosts, by name. */
  list(): Promise<readonly HostRow[]>
  /** Notes that the host was seen; `facts` null leaves them as they are. A host that is not there is no error. */
  touch(id: HostId, facts: HostFacts | null, at: Date): Promise<void>
}

/** Enrolment tokens; only their SHA-256 is ever stored. */
export interface Tokens {
  create(token: {
    readonly hash: Uint8Array
    /** Id of the user who made it. */
    readonly createdBy: string
    readonly expiresAt: Date
    readonly labels: Labels
  }): Promise<void>
  /** Uses the token up, atomically: of any number of callers one gets its labels. Null: unknown, used or expired. */
  redeem(hash: Uint8Array, now: Date): Promise<{ readonly labels: Labels } | null>
  /** Uses the token up and makes the host, or neither. */
  redeemForHost(hash: Uint8Array, host: NewHost, now: Date): Promise<HostRow | null>
}

export interface ContainerRow extends ContainerDescription {
  readonly id: ContainerId
  readonly hostId: HostId
  readonly firstSeen: Date
  readonly lastSeen: Date
}

export interface Containers {
  /**
   * Makes or renews the rows of these containers; all must be of one boot. Returns the id of each.
   * Throws `bad-input` if they name more than one boot.
   */
  upsert(
    hostId: HostId,
    descriptions: readonly ContainerDescription[],
    at: Date,
  ): Promise<ReadonlyMap<CgroupId, ContainerId>>
  find(id: ContainerId): Promise<ContainerRow | null>
}

export interface BlockRow {
  readonly containerId: ContainerId
  /** Unix time of the first point in seconds; a multiple of 60. */
  readonly startSec: number
  /** `BLOCK_VALUES` values, metric-major; NaN where nothing was measured. */
  readonly values: Float32Array
}

export interface BlockQuery {
  readonly containerId: ContainerId
  readonly metrics: readonly MetricKey[]
  /** Unix seconds; blocks that overlap `[fromSec, toSec)` are returned. */
  readonly fromSec: number
  readonly toSec: number
}

export interface Blocks {
  /** Stores blocks, each once however often it is sent; resolves after COMMIT. */
  store(rows: readonly BlockRow[]): Promise<{ readonly stored: number; readonly duplicate: number }>
  /** Points, oldest block first: `metrics.length × 60` values per block, metric-major; NaN is a gap. */
  seconds(query: BlockQuery): Promise<readonly { readonly startSec: number; readonly values: Float32Array }[]>
  /** Average and largest point of each minute, oldest first: `metrics.length` values each; NaN is a gap. */
  minutes(
    query: BlockQuery,
  ): Promise<readonly { readonly startSec: number; readonly avg: Float32Array; readonly peak: Float32Array }[]>
  /** Makes the daily partitions that are soon needed. */
  ensurePartitions(now: Date): Promise<void>
  /** Drops the partitions of days that ended more than `keepDays` days ago; names them. */
  dropOld(now: Date, keepDays: number): Promise<readonly string[]>
}

export interface NewIntervention {
  /** A UUID; the command's id. */
  readonly id: string
  readonly actor: string
  readonly verb: string
  readonly hostId: HostId
  readonly containerId: ContainerId | null
  readonly containerName: string | null
  readonly reason: string | null
  readonly args: object
}

export interface InterventionEnd {
  readonly status: 'done' | 'refused'
  readonly code: ErrorCode | null
  readonly detail: string | null
  readonly tookUsec: number | null
  readonly result: object | null
}

export interface InterventionRow extends Omit<NewIntervention, 'args'> {
  readonly args: unknown
  readonly at: Date
  readonly status: 'pending' | InterventionEnd['status']
  readonly code: ErrorCode | null
  readonly detail: string | null
  readonly tookUsec: number | null
  readonly result: unknown
  readonly finishedAt: Date | null
}

/** The audit log: what was asked is written before it is done, and how it ended after. */
export interface Interventions {
  /** Writes the intent. Throws `command-repeated` if the id was used. */
  begin(intent: NewIntervention): Promise<void>
  /** Writes the end, once: a row that has ended stays as it is. */
  finish(id: string, end: InterventionEnd): Promise<void>
  /** Newest first. */
  list(query: { readonly containerId: ContainerId | null; readonly limit: number }): Promise<readonly InterventionRow[]>
}

export interface Sessions {
  find(sessionId: string): Promise<{ readonly userId: string; readonly expiresAt: Date; readonly role: Role } | null>
  /** Which of these sessions still exist and have not expired. */
  alive(ids: readonly string[]): Promise<ReadonlySet<string>>
}
