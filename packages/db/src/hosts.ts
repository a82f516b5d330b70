import { isHostId } from '@corral/domain'
import type { HostRow, Hosts } from './database.ts'
import { guarded } from './faults.ts'
import type { HostModel } from './generated/models.ts'
import type { Prisma } from './prisma.ts'
import { bytes, readFacts, readLabels, readText, writeFacts } from './values.ts'

const toHost = (row: HostModel): HostRow => ({
  id: readText('host id', row.id, isHostId),
  name: row.name,
  publicKey: bytes(row.publicKey),
  facts: readFacts(row.facts),
  labels: readLabels(row.labels),
  enrolledAt: row.enrolledAt,
  seenAt: row.seenAt,
})

export const createHosts = (prisma: Prisma): Hosts => ({
  create: ({ name, publicKey, facts, labels }) =>
    guarded(async () => {
      const data = { name, publicKey: bytes(publicKey), facts: writeFacts(facts), labels }
      return toHost(await prisma.host.create({ data }))
    }),

  find: (id) =>
    guarded(async () => {
      const row = isHostId(id) ? await prisma.host.findUnique({ where: { id } }) : null
      return row && toHost(row)
    }),

  list: () =>
    guarded(async () => (await prisma.host.findMany({ orderBy: [{ name: 'asc' }, { id: 'asc' }] })).map(toHost)),

  touch: (id, facts, at) =>
    guarded(async () => {
      const seen = { seenAt: at, ...(facts && { facts: writeFacts(facts) }) }
      await prisma.host.updateMany({ where: { id }, data: seen })
    }),
})
