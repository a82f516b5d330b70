import { createHash } from 'node:crypto'
import type { DBAdapter, DBAdapterInstance, Where } from 'better-auth'

/**
 * better-auth stores session tokens as they are. Between it and its database stands this: what is stored, and looked
 * for, is the token's SHA-256, so that nobody signs in with a copy of the database. A token has 256 random bits or
 * nearly as many; nothing slower than one hash is needed.
 */

const hash = (token: string): string => createHash('sha256').update(token).digest('base64url')

const hashValue = (value: Where['value']): Where['value'] => {
  if (typeof value === 'string') return hash(value)
  return Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? hash(one) : '')) : value
}

const hashWhere = (model: string, where: Where[]): Where[] =>
  model === 'session'
    ? where.map((one) => (one.field === 'token' ? { ...one, value: hashValue(one.value) } : one))
    : where

const hashData = <T extends object>(model: string, data: T): T =>
  model === 'session' && 'token' in data && typeof data.token === 'string' ? { ...data, token: hash(data.token) } : data

/** The token that a question names; whoever asked with it gets it back in the answer. */
const tokenIn = (model: string, where: readonly Where[]): string | null => {
  const asked =
    model === 'session' ? where.find(({ field, operator = 'eq' }) => field === 'token' && operator === 'eq') : null
  return typeof asked?.value === 'string' ? asked.value : null
}

const withToken = <T>(row: T, token: string | null): T =>
  token !== null && typeof row === 'object' && row !== null && 'token' in row ? { ...row, token } : row

type Questions = Omit<DBAdapter, 'transaction'>

const hashing = <A extends Questions>(inner: A): A => ({
  ...inner,
  create: async ({ model, data, ...rest }) => {
    const token = model === 'session' && 'token' in data && typeof data.token === 'string' ? data.token : null
    return withToken(await inner.create({ model, data: hashData(model, data), ...rest }), token)
  },
  findOne: async ({ model, where, ...rest }) =>
    withToken(await inner.findOne({ model, where: hashWhere(model, where), ...rest }), tokenIn(model, where)),
  findMany: ({ model, where, ...rest }) => inner.findMany({ model, where: hashWhere(model, where ?? []), ...rest }),
  count: ({ model, where }) => inner.count({ model, where: hashWhere(model, where ?? []) }),
  update: async ({ model, where, update }) =>
    withToken(
      await inner.update({ model, where: hashWhere(model, where), update: hashData(model, update) }),
      tokenIn(model, where),
    ),
  updateMany: ({ model, where, update }) =>
    inner.updateMany({ model, where: hashWhere(model, where), update: hashData(model, update) }),
  delete: ({ model, where }) => inner.delete({ model, where: hashWhere(model, where) }),
  deleteMany: ({ model, where }) => inner.deleteMany({ model, where: hashWhere(model, where) }),
  consumeOne: async ({ model, where }) =>
    withToken(await inner.consumeOne({ model, where: hashWhere(model, where) }), tokenIn(model, where)),
  incrementOne: async ({ model, where, ...rest }) =>
    withToken(await inner.incrementOne({ model, where: hashWhere(model, where), ...rest }), tokenIn(model, where)),
})

/** `base`, but session tokens are stored as hashes. */
export const withHashedSessions =
  (base: DBAdapterInstance): DBAdapterInstance =>
  (options) => {
    const inner = base(options)
    return {
      ...hashing(inner),
      transaction: (work) => inner.transaction((trx) => work(hashing(trx))),
    }
  }
