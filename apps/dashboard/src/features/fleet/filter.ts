import { RUNTIMES } from '@corral/domain'

/**
 * The filter language of the fleet, typed or clicked; the same text is in the address.
 *
 *   thumbs                     name, host, image or path has this text
 *   frozen running empty lease protected
 *   runtime:docker host:ber-14 name:web image:nginx path:/system.slice state:frozen label:team=web label:team
 *   cpu>1.5 memory>=1GiB pressure>10% throttled>5% disk>10MB/s net>1MB/s pids>100
 *   -frozen                    not
 *   name:"two words"           quotes keep spaces
 *
 * All terms must hold. A comparison with a value that is not measured never holds.
 */

export const FLAGS = ['frozen', 'running', 'empty', 'lease', 'protected'] as const
export type Flag = (typeof FLAGS)[number]

const FIELDS = ['runtime', 'host', 'name', 'image', 'path', 'state', 'label'] as const
export type Field = (typeof FIELDS)[number]

const AMOUNTS = ['cpu', 'memory', 'pressure', 'throttled', 'disk', 'net', 'pids'] as const
export type AmountKey = (typeof AMOUNTS)[number]

type Operator = '>' | '<' | '>=' | '<=' | '='

export type Condition =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'flag'; readonly flag: Flag }
  | { readonly kind: 'field'; readonly field: Field; readonly value: string }
  | { readonly kind: 'amount'; readonly key: AmountKey; readonly operator: Operator; readonly value: number }
  /** Looks like a term and is none; it holds for everything, and the person is told. */
  | { readonly kind: 'broken'; readonly why: string }

export interface Term {
  /** As typed. */
  readonly raw: string
  readonly negated: boolean
  readonly condition: Condition
}

/** What a filter asks of a container. */
export interface Subject {
  readonly name: string
  readonly host: string
  readonly path: string
  readonly runtime: string
  readonly image: string | null
  readonly labels: Readonly<Record<string, string>>
  readonly state: string | null
  readonly leased: boolean
  readonly guarded: boolean
  /** NaN where nothing is measured. */
  amount(key: AmountKey): number
}

/** Splits at spaces outside of quotes. A quote that is not closed reaches to the end. */
export const splitTerms = (query: string): readonly string[] => query.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? []

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  '%': 0.01,
  k: 1e3,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  core: 1,
  cores: 1,
}

const parseAmount = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-z%]*)(?:\/s)?$/i.exec(text)
  const factor = UNITS[(match?.[2] ?? '').toLowerCase()]
  return match === null || factor === undefined ? null : Number(match[1]) * factor
}

const AMOUNT_NAMES: Readonly<Record<string, AmountKey>> = {
  ...Object.fromEntries(AMOUNTS.map((key) => [key, key])),
  mem: 'memory',
  io: 'disk',
  network: 'net',
}

const isOneOf = <T extends string>(list: readonly T[], text: string): text is T => list.some((item) => item === text)
const unquote = (text: string): string => text.replaceAll('"', '')

const parseCondition = (body: string): Condition => {
  const lower = body.toLowerCase()
  if (isOneOf(FLAGS, lower)) return { kind: 'flag', flag: lower }

  const compared = /^([a-z]+)(>=|<=|>|<|=)(.*)$/i.exec(body)
  const key = AMOUNT_NAMES[(compared?.[1] ?? '').toLowerCase()]
  if (compared !== null && key !== undefined) {
    const value = parseAmount(unquote(compared[3] ?? ''))
    if (value === null) return { kind: 'broken', why: `${compared[1]} needs a number, as in ${EXAMPLE[key]}` }
    return { kind: 'amount', key, operator: compared[2] as Operator, value }
  }

  const named = /^([a-z]+):(.*)$/is.exec(body)
  const field = (named?.[1] ?? '').toLowerCase()
  if (named !== null && isOneOf(FIELDS, field)) {
    const value = unquote(named[2] ?? '').toLowerCase()
    if (value === '') return { kind: 'broken', why: `${field}: needs a value` }
    if (field === 'runtime' && !RUNTIMES.some((runtime) => runtime.startsWith(value))) {
      return { kind: 'broken', why: `no runtime is called ${value}` }
    }
    return { kind: 'field', field, value }
  }
  return { kind: 'text', text: unquote(lower) }
}

const EXAMPLE: Readonly<Record<AmountKey, string>> = {
  cpu: 'cpu>1.5',
  memory: 'memory>1GiB',
  pressure: 'pressure>10%',
  throttled: 'throttled>5%',
  disk: 'disk>10MB/s',
  net: 'net>1MB/s',
  pids: 'pids>100',
}

/** Never throws: what cannot be understood is a `broken` term or plain text. */
export const parseFilter = (query: string): readonly Term[] =>
  splitTerms(query).map((raw) => {
    const negated = raw.length > 1 && raw.startsWith('-')
    return { raw, negated, condition: parseCondition(negated ? raw.slice(1) : raw) }
  })

const compare = (left: number, operator: Operator, right: number): boolean => {
  switch (operator) {
    case '>':
      return left > right
    case '<':
      return left < right
    case '>=':
      return left >= right
    case '<=':
      return left <= right
    case '=':
      return left === right
  }
}

const flagHolds = (flag: Flag, subject: Subject): boolean => {
  switch (flag) {
    case 'lease':
      return subject.leased
    case 'protected':
      return subject.guarded
    case 'frozen':
      return subject.state === 'frozen' || subject.state === 'freezing'
    case 'running':
    case 'empty':
      return subject.state === flag
  }
}

const labelHolds = (labels: Readonly<Record<string, string>>, value: string): boolean => {
  const at = value.indexOf('=')
  const name = at < 0 ? value : value.slice(0, at)
  return Object.entries(labels).some(
    ([key, text]) => key.toLowerCase() === name && (at < 0 || text.toLowerCase() === value.slice(at + 1)),
  )
}

const fieldHolds = (field: Field, value: string, subject: Subject): boolean => {
  switch (field) {
    case 'runtime':
      return subject.runtime.startsWith(value)
    case 'host':
      return subject.host.toLowerCase() === value
    case 'name':
      return subject.name.toLowerCase().includes(value)
    case 'image':
      return (subject.image ?? '').toLowerCase().includes(value)
    case 'path':
      return subject.path.toLowerCase().includes(value)
    case 'state':
      return (subject.state ?? 'unknown').startsWith(value)
    case 'label':
      return labelHolds(subject.labels, value)
  }
}

const holds = (condition: Condition, subject: Subject): boolean => {
  switch (condition.kind) {
    case 'text':
      return [subject.name, subject.host, subject.image ?? '', subject.path].some((text) =>
        text.toLowerCase().includes(condition.text),
      )
    case 'flag':
      return flagHolds(condition.flag, subject)
    case 'field':
      return fieldHolds(condition.field, condition.value, subject)
    case 'amount':
      return compare(subject.amount(condition.key), condition.operator, condition.value)
    case 'broken':
      return true
  }
}

export const matches = (terms: readonly Term[], subject: Subject): boolean =>
  terms.every(({ condition, negated }) => condition.kind === 'broken' || holds(condition, subject) !== negated)

/** Whether what matches can change from tick to tick. */
export const isLive = (terms: readonly Term[]): boolean => terms.some(({ condition }) => condition.kind === 'amount')

/** The query without a term. */
export const withoutTerm = (query: string, raw: string): string =>
  splitTerms(query)
    .filter((term) => term !== raw)
    .join(' ')

/** The query with a term added, or taken away if it is there. */
export const toggleTerm = (query: string, raw: string): string => {
  const terms = splitTerms(query)
  return (terms.includes(raw) ? terms.filter((term) => term !== raw) : [...terms, raw]).join(' ')
}
