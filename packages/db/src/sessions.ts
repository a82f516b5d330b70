import { isRole } from '@corral/domain'
import type { Sessions } from './database.ts'
import { guarded } from './faults.ts'
import type { Prisma } from './prisma.ts'

export const createSessions = (prisma: Prisma): Sessions => ({
  find: (sessionId) =>
    guarded(async () => {
      const row = await prisma.session.findUnique({
        where: { id: sessionId },
        select: { userId: true, expiresAt: true, user: { select: { role: true } } },
      })
      // A role that is not in the table may do nothing, so there is nobody.
      if (!row || !isRole(row.user.role)) return null
      return { userId: row.userId, expiresAt: row.expiresAt, role: row.user.role }
    }),

  alive: (ids) =>
    guarded(async () => {
      const rows = await prisma.session.findMany({
        where: { id: { in: [...ids] }, expiresAt: { gt: new Date() } },
        select: { id: true },
      })
      return new Set(rows.map((row) => row.id))
    }),
})
