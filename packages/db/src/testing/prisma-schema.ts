import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * `prisma/schema.prisma` → the tables that Prisma would make of it, in Postgres' own words, so that they can be
 * compared with what is there. Knows the part of the language that the schema uses and refuses the rest.
 */

export interface Column {
  /** As `format_type` prints it. */
  readonly type: string
  /** Null for lists: Prisma makes no difference. */
  readonly notNull: boolean | null
  /** As `pg_get_expr` prints it. */
  readonly default: string | null
}

export interface Table {
  readonly columns: Record<string, Column>
  /** Index name → unique or not, and its columns in order. */
  readonly indexes: Record<string, string>
  /** Constraint name → what it refers to, and what happens on delete and update. */
  readonly foreignKeys: Record<string, string>
}

const SCALARS: Readonly<Record<string, string>> = {
  String: 'text',
  Boolean: 'boolean',
  BigInt: 'bigint',
  Float: 'double precision',
  DateTime: 'timestamp(3) without time zone',
  Json: 'jsonb',
  Bytes: 'bytea',
}

const nativeType = (attributes: string): string | undefined => {
  const [, name, size] = /@db\.(\w+)(?:\((\d+)\))?/.exec(attributes) ?? []
  if (name === 'Timestamptz') return `timestamp(${size}) with time zone`
  if (name === 'Uuid' || name === 'Real') return name.toLowerCase()
  if (name) throw new Error(`unknown native type ${name}`)
  return undefined
}

const defaultValue = (attributes: string, table: string, column: string): string | null => {
  const [, value] = /@default\((dbgenerated\("[^"]+"\)|"[^"]*"|[^)]+\(\)|[^)]+)\)/.exec(attributes) ?? []
  if (value === undefined) return null
  if (value === 'now()') return 'CURRENT_TIMESTAMP'
  if (value === 'autoincrement()') return `nextval('${table}_${column}_seq'::regclass)`
  if (value === 'true' || value === 'false') return value
  const [, generated] = /^dbgenerated\("(.+)"\)$/.exec(value) ?? []
  if (generated) return generated
  if (value.startsWith('"')) return `'${value.slice(1, -1)}'::text`
  throw new Error(`unknown default ${value}`)
}

const names = (list: string | undefined): string[] => (list ?? '').split(',').map((name) => name.trim())

interface Field {
  readonly name: string
  readonly type: string
  readonly mark: string
  readonly attributes: string
  readonly column: string
}

interface Model {
  readonly table: string
  readonly fields: readonly Field[]
  readonly rules: readonly string[]
}

const readModels = (text: string): Map<string, Model> => {
  const models = new Map<string, Model>()
  for (const [, model = '', body = ''] of text.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)) {
    const lines = body.split('\n').map((line) => line.trim())
    const fields = lines.flatMap((line) => {
      const [, name, type, mark = '', attributes = ''] = /^(\w+)\s+(\w+)(\[\]|\?)?(.*)$/.exec(line) ?? []
      if (!name || !type) return []
      return [{ name, type, mark, attributes, column: /@map\("(.+?)"\)/.exec(attributes)?.[1] ?? name }]
    })
    const rules = lines.filter((line) => line.startsWith('@@'))
    models.set(model, { table: /@@map\("(.+)"\)/.exec(rules.join('\n'))?.[1] ?? model, fields, rules })
  }
  return models
}

const ACTIONS: Readonly<Record<string, string>> = { Cascade: 'CASCADE', Restrict: 'RESTRICT', SetNull: 'SET NULL' }

const readTable = (model: Model, models: ReadonlyMap<string, Model>): Table => {
  const { table, fields, rules } = model
  const columns: Record<string, Column> = {}
  const indexes: Record<string, string> = {}
  const foreignKeys: Record<string, string> = {}
  const columnOf = (name: string): string => {
    const field = fields.find((one) => one.name === name)
    if (!field) throw new Error(`${table} has no field ${name}`)
    return field.column
  }
  const addIndex = (kind: string, of: readonly string[]): void => {
    const on = of.map(columnOf)
    if (kind === 'id') indexes[`${table}_pkey`] = `unique (${on.join(', ')})`
    else if (kind === 'unique') indexes[`${table}_${on.join('_')}_key`] = `unique (${on.join(', ')})`
    else indexes[`${table}_${on.join('_')}_idx`] = `(${on.join(', ')})`
  }
  for (const { name, type, mark, attributes, column } of fields) {
    const scalar = SCALARS[type]
    if (scalar) {
      columns[column] = {
        type: (nativeType(attributes) ?? scalar) + (mark === '[]' ? '[]' : ''),
        notNull: mark === '[]' ? null : mark !== '?',
        default: defaultValue(attributes, table, column),
      }
      const [, kind] = /@(id|unique)\b/.exec(attributes) ?? []
      if (kind) addIndex(kind, [name])
      continue
    }
    const other = models.get(type)
    if (!other) throw new Error(`unknown type ${type}`)
    const [, from, to] = /@relation\(fields: \[(.+?)\], references: \[(.+?)\]/.exec(attributes) ?? []
    if (!from || !to) continue
    const on = names(from).map(columnOf)
    const action = /onDelete: (\w+)/.exec(attributes)?.[1] ?? (mark === '?' ? 'SetNull' : 'Restrict')
    foreignKeys[`${table}_${on.join('_')}_fkey`] =
      `(${on.join(', ')}) -> ${other.table}(${names(to).join(', ')}) ON UPDATE CASCADE ON DELETE ${ACTIONS[action]}`
  }
  for (const rule of rules) {
    const [, kind, list] = /^@@(id|unique|index)\(\[(.+)\]\)$/.exec(rule) ?? []
    if (kind) addIndex(kind, names(list))
    else if (!rule.startsWith('@@map')) throw new Error(`unknown rule ${rule}`)
  }
  return { columns, indexes, foreignKeys }
}

/** Table name → table, for every model of the repository's schema. */
export const readPrismaSchema = (): Record<string, Table> => {
  const path = fileURLToPath(new URL('../../../../prisma/schema.prisma', import.meta.url))
  const models = readModels(readFileSync(path, 'utf8'))
  return Object.fromEntries([...models.values()].map((model) => [model.table, readTable(model, models)]))
}
