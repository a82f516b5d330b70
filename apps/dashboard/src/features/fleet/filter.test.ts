import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AmountKey,
  isLive,
  matches,
  parseFilter,
  type Subject,
  splitTerms,
  toggleTerm,
  withoutTerm,
} from './filter.ts'

const subject = (change: Partial<Subject> & { amounts?: Partial<Record<AmountKey, number>> } = {}): Subject => ({
  name: 'Batch-Thumbs',
  host: 'ber-14',
  path: '/system.slice/docker-abc.scope',
  runtime: 'docker',
  image: 'registry/thumbs:3',
  labels: { team: 'media', 'com.example/Env': 'prod' },
  state: 'running',
  leased: false,
  guarded: false,
  amount: (key) => change.amounts?.[key] ?? Number.NaN,
  ...change,
})
const holds = (query: string, change?: Parameters<typeof subject>[0]) => matches(parseFilter(query), subject(change))

describe('text', () => {
  it.each(['thumbs', 'BATCH', 'ber-14', 'registry', 'docker-abc'])('%s is found anywhere', (query) =>
    expect(holds(query)).toBe(true),
  )
  it('all words must be there', () => expect(holds('batch nothing')).toBe(false))
  it('quotes keep spaces', () => expect(holds('"two words"', { name: 'has two words here' })).toBe(true))
  it('an empty query matches everything', () => expect(holds('   ')).toBe(true))
  it('an unknown key is text: names hold colons', () => expect(holds('app:web', { name: 'app:web-1' })).toBe(true))
  it('a lone minus is text', () => expect(holds('-', { name: 'a-b' })).toBe(true))
})

describe('flags', () => {
  it('frozen holds while freezing too', () => {
    expect(holds('frozen', { state: 'frozen' })).toBe(true)
    expect(holds('frozen', { state: 'freezing' })).toBe(true)
    expect(holds('frozen')).toBe(false)
  })
  it('lease and protected', () => {
    expect(holds('lease protected', { leased: true, guarded: true })).toBe(true)
    expect(holds('lease')).toBe(false)
  })
  it('a minus turns them round', () => expect(holds('-frozen')).toBe(true))
})

describe('fields', () => {
  it.each([
    ['runtime:docker', true],
    ['runtime:dock', true],
    ['runtime:podman', false],
    ['host:BER-14', true],
    ['host:ber-1', false],
    ['name:thumbs', true],
    ['image:thumbs:3', true],
    ['path:/system', true],
    ['state:run', true],
    ['label:team=media', true],
    ['label:team', true],
    ['label:team=web', false],
    ['label:com.example/env=prod', true],
    ['-host:ber-14', false],
  ])('%s: %s', (query, expected) => expect(holds(query)).toBe(expected))
  it('a host whose name has a space is quoted', () =>
    expect(holds('host:"my laptop"', { host: 'My Laptop' })).toBe(true))
  it('says that no runtime has that name', () =>
    expect(parseFilter('runtime:xyz')[0]?.condition).toEqual({ kind: 'broken', why: 'no runtime is called xyz' }))
})

describe('amounts', () => {
  it.each<[string, AmountKey, number, boolean]>([
    ['cpu>1.5', 'cpu', 1.6, true],
    ['cpu>1.5', 'cpu', 1.5, false],
    ['cpu>=1.5cores', 'cpu', 1.5, true],
    ['memory>1GiB', 'memory', 2 ** 30 + 1, true],
    ['mem<512MiB', 'memory', 2 ** 29 - 1, true],
    ['pressure>10%', 'pressure', 0.11, true],
    ['throttled>5%', 'throttled', 0.04, false],
    ['disk>10MB/s', 'disk', 1.1e7, true],
    ['net>1MB', 'net', 9e5, false],
    ['pids=3', 'pids', 3, true],
    ['CPU<.5', 'cpu', 0.4, true],
  ])('%s with %s %d: %s', (query, key, value, expected) =>
    expect(holds(query, { amounts: { [key]: value } })).toBe(expected),
  )
  it('what is not measured is never more nor less', () => {
    expect(holds('cpu>0')).toBe(false)
    expect(holds('cpu<9')).toBe(false)
  })
  it.each(['cpu>', 'cpu>fast', 'memory>1GG'])('%s is broken, says how, and hides nothing', (query) => {
    expect(parseFilter(query)[0]?.condition).toMatchObject({ kind: 'broken' })
    expect(holds(query)).toBe(true)
    expect(holds(`-${query}`)).toBe(true)
  })
  it('make a filter live', () => {
    expect(isLive(parseFilter('frozen thumbs'))).toBe(false)
    expect(isLive(parseFilter('frozen cpu>1'))).toBe(true)
  })
})

describe('editing', () => {
  it('takes away one term', () => expect(withoutTerm('a "b c" d', '"b c"')).toBe('a d'))
  it('toggles', () => {
    expect(toggleTerm('a', 'frozen')).toBe('a frozen')
    expect(toggleTerm('a frozen b', 'frozen')).toBe('a b')
  })
})

it('no text breaks the parser, and every term keeps what was typed', () => {
  fc.assert(
    fc.property(fc.string(), (query) => {
      const terms = parseFilter(query)
      expect(terms.map(({ raw }) => raw)).toEqual(splitTerms(query))
      matches(terms, subject())
    }),
  )
})
