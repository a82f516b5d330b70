import { CorralError, isContainerId, isErrorCode, isHostId } from '@corral/domain'
import type { InterventionRow, Interventions } from './database.ts'
import { guarded, hasCode } from './faults.ts'
import type { InterventionModel } from './generated/models.ts'
import type { Prisma } from './prisma.ts'
import { readText } from './values.ts'

const isStatus = (text: string): text is InterventionRow['status'] =>
  text === 'pending' || text === 'done' || text === 'refused'

const toIntervention = (row: InterventionModel): InterventionRow => ({
  id: row.id,
  at: row.at,
  actor: row.actor,
  verb: row.verb,
  hostId: readText('host id', row.hostId, isHostId),
  containerId: row.containerId === null ? null : readText('container id', String(row.containerId), isContainerId),
  containerName: row.containerName,
  reason: row.reason,
  args: row.args,
  status: readText('status', row.status, isStatus),
  code: row.code !== null && isErrorCode(row.code) ? row.code : null,
  detail: row.detail,
  tookUsec: row.tookUsec,
  result: row.result,
  finishedAt: row.finishedAt,
})

/** Values as JSON has them: what has no JSON form is left out, as `JSON.stringify` does. */
const json = (value: object): object => JSON.parse(JSON.stringify(value)) as object

export const createInterventions = (prisma: Prisma): Interventions => ({
  begin: ({ id, actor, verb, hostId, containerId, containerName, reason, args }) =>
    guarded(async () => {
      const container = containerId === null ? null : BigInt(containerId)
      try {
        await prisma.intervention.create({
          data: { id, actor, verb, hostId, containerId: container, containerName, reason, args: json(args) },
        })
      } catch (error) {
        if (hasCode(error, 'P2002')) throw new CorralError('command-repeated', id, { cause: error })
        if (hasCode(error, 'P2003')) throw new CorralError('not-found', 'no such host or container', { cause: error })
        throw error
      }
    }),

  finish: (id, { status, code, detail, tookUsec, result }) =>
    guarded(async () => {
      const end = { status, code, detail, tookUsec, finishedAt: new Date(), ...(result && { result: json(result) }) }
      await prisma.intervention.updateMany({ where: { id, status: 'pending' }, data: end })
    }),

  list: ({ containerId, limit }) =>
    guarded(async () => {
      const rows = await prisma.intervention.findMany({
        where: containerId === null ? {} : { containerId: BigInt(containerId) },
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        take: limit,
      })
      return rows.map(toIntervention)
    }),
})
