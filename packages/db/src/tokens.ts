import { randomUUID } from 'node:crypto'
import { isHostId } from '@corral/domain'
import type { Hosts, Tokens } from './database.ts'
import { guarded } from './faults.ts'
import type { Prisma } from './prisma.ts'
import { bytes, readLabels, readText, writeFacts } from './values.ts'

/**
 * Redeeming is one UPDATE with the condition in it. Postgres locks the row and, for whoever waited, looks at the
 * condition again (https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED): of any
 * number of callers at the same time one finds the token unused.
 */
export const createTokens = (prisma: Prisma, hosts: Hosts): Tokens => ({
  create: ({ hash, createdBy, expiresAt, labels }) =>
    guarded(async () => {
      await prisma.enrolmentToken.create({ data: { hash: bytes(hash), createdBy, expiresAt, labels } })
    }),

  redeem: (hash, now) =>
    guarded(async () => {
      const [used] = await prisma.$queryRaw<{ labels: unknown }[]>`
        UPDATE enrolment_token SET used_at = ${now}
        WHERE hash = ${bytes(hash)} AND used_at IS NULL AND expires_at > ${now}
        RETURNING labels`
      return used ? { labels: readLabels(used.labels) } : null
    }),

  redeemForHost: (hash, host, now) =>
    guarded(async () => {
      const id = readText('host id', randomUUID(), isHostId)
      const facts = JSON.stringify(writeFacts(host.facts))
      // One statement, so that token and host are stored together or not at all.
      const made = await prisma.$executeRaw`
        WITH used AS (
          UPDATE enrolment_token SET used_at = ${now}, host_id = ${id}::uuid
          WHERE hash = ${bytes(hash)} AND used_at IS NULL AND expires_at > ${now}
          RETURNING labels
        )
        INSERT INTO host (id, name, public_key, facts, labels, enrolled_at)
        SELECT ${id}::uuid, ${host.name}, ${bytes(host.publicKey)}, ${facts}::jsonb, labels, ${now} FROM used`
      return made === 1 ? hosts.find(id) : null
    }),
})
