import { PrismaPg } from '@prisma/adapter-pg'
import type { Pool } from 'pg'
import { toCorralError } from './faults.ts'
import { PrismaClient } from './generated/client.ts'

/** The Prisma client over our pool; every operation's faults are thrown as `toCorralError` has them. */
export const createPrisma = (pool: Pool) =>
  new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' }).$extends({
    query: {
      $allOperations: async ({ args, query }) => {
        try {
          return await query(args)
        } catch (error) {
          throw toCorralError(error)
        }
      },
    },
  })

export type Prisma = ReturnType<typeof createPrisma>
