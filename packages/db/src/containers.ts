import {
  type CgroupId,
  type ContainerDescription,
  type ContainerId,
  CorralError,
  type GroupPath,
  type HostId,
  isBootId,
  isCgroupId,
  isContainerId,
  isHostId,
  RUNTIMES,
} from '@corral/domain'
import type { ContainerRow, Containers } from './database.ts'
import { guarded } from './faults.ts'
import type { ContainerModel } from './generated/models.ts'
import type { Prisma } from './prisma.ts'
import { readLabels, readText } from './values.ts'

const isGroupPath = (text: string): text is GroupPath => text.startsWith('/')

const toContainer = (row: ContainerModel): ContainerRow => ({
  id: readText('container id', String(row.id), isContainerId),
  hostId: readText('host id', row.hostId, isHostId),
  bootId: readText('boot id', row.bootId, isBootId),
  cgroupId: readText('cgroup id', row.cgroupId, isCgroupId),
  path: readText('group path', row.path, isGroupPath),
  name: row.name,
  // A runtime that a newer version wrote.
  runtime: RUNTIMES.find((runtime) => runtime === row.runtime) ?? 'plain',
  image: row.image,
  labels: readLabels(row.labels),
  protection: row.protection,
  startedSec: row.startedAt.getTime() / 1000,
  firstSeen: row.firstSeen,
  lastSeen: row.lastSeen,
})

const toJson = (descriptions: Iterable<ContainerDescription>): string =>
  JSON.stringify(
    Array.from(descriptions, (one) => ({
      cgroup_id: one.cgroupId,
      path: one.path,
      name: one.name,
      runtime: one.runtime,
      image: one.image,
      labels: one.labels,
      protection: one.protection,
      started_sec: one.startedSec,
    })),
  )

/**
 * One statement for all: new rows are inserted, changed ones updated, unchanged ones left alone but once a minute
 * (an UPDATE of every row at every report would rewrite the table all day). Ordered, so that two reports of one
 * host at the same time cannot deadlock. A row that another transaction inserted after this statement began is
 * neither returned by the INSERT nor seen by the SELECT; whoever calls asks again.
 */
const upsertOnce = (prisma: Prisma, hostId: HostId, bootId: string, json: string, at: Date) =>
  prisma.$queryRaw<{ id: bigint; cgroup_id: string }[]>`
    WITH incoming AS (
      SELECT * FROM jsonb_to_recordset(${json}::jsonb) AS it (
        cgroup_id text, path text, name text, runtime text, image text, labels jsonb, protection text,
        started_sec double precision)
    ), written AS (
      INSERT INTO container AS c (host_id, boot_id, cgroup_id, path, name, runtime, image, labels, protection,
        started_at, first_seen, last_seen)
      SELECT ${hostId}::uuid, ${bootId}::uuid, cgroup_id, path, name, runtime, image, labels, protection,
        to_timestamp(started_sec), ${at}::timestamptz, ${at}::timestamptz
      FROM incoming ORDER BY cgroup_id
      ON CONFLICT (host_id, boot_id, cgroup_id) DO UPDATE SET
        path = excluded.path, name = excluded.name, runtime = excluded.runtime, image = excluded.image,
        labels = excluded.labels, protection = excluded.protection,
        last_seen = greatest(c.last_seen, excluded.last_seen)
      WHERE (c.path, c.name, c.runtime, c.image, c.labels, c.protection) IS DISTINCT FROM
          (excluded.path, excluded.name, excluded.runtime, excluded.image, excluded.labels, excluded.protection)
        OR c.last_seen < excluded.last_seen - interval '1 minute'
      RETURNING id, cgroup_id
    )
    SELECT id, cgroup_id FROM written
    UNION
    SELECT c.id, c.cgroup_id FROM container c JOIN incoming USING (cgroup_id)
    WHERE c.host_id = ${hostId}::uuid AND c.boot_id = ${bootId}::uuid`

const ATTEMPTS = 5

export const createContainers = (prisma: Prisma): Containers => ({
  upsert: (hostId, descriptions, at) =>
    guarded(async () => {
      const wanted = new Map<CgroupId, ContainerDescription>(descriptions.map((one) => [one.cgroupId, one]))
      const ids = new Map<CgroupId, ContainerId>()
      const [first] = descriptions
      if (!first) return ids
      if (descriptions.some((one) => one.bootId !== first.bootId))
        throw new CorralError('bad-input', 'the containers are of more than one boot')
      const json = toJson(wanted.values())
      for (let attempt = 0; attempt < ATTEMPTS && ids.size < wanted.size; attempt++)
        for (const row of await upsertOnce(prisma, hostId, first.bootId, json, at))
          ids.set(
            readText('cgroup id', row.cgroup_id, isCgroupId),
            readText('container id', String(row.id), isContainerId),
          )
      if (ids.size < wanted.size) throw new CorralError('internal', 'some containers got no id')
      return ids
    }),

  find: (id) =>
    guarded(async () => {
      const row = isContainerId(id) ? await prisma.container.findUnique({ where: { id: BigInt(id) } }) : null
      return row && toContainer(row)
    }),
})
