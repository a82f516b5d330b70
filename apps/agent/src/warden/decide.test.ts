import type { FreezeState } from '@corral/cgroups'
import { freezeOf, OTHER_BOOT, thawOf } from '@corral/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideStart, decideTarget, freezersOf, type TargetFacts } from './decide.ts'

const command = freezeOf({ expiresInMs: 1000 })
const seen = {
  bootId: command.target.bootId,
  alreadyExecuted: false,
  stopping: false,
  arrivedMs: 5000,
  nowMs: 5000,
}
const facts: TargetFacts = {
  ownFreeze: false,
  frozenAncestor: null,
  foreignFreezer: false,
  leaseHeld: false,
}

test('a command that is new, in time and for this boot may start', () => {
  expect(decideStart(command, seen)).toBeNull()
  expect(decideStart(command, { ...seen, nowMs: 5999 })).toBeNull()
})

test('a replay is refused as such, whatever the time', () => {
  fc.assert(
    fc.property(fc.nat(), (laterMs) => {
      const decision = decideStart(command, { ...seen, alreadyExecuted: true, nowMs: seen.arrivedMs + laterMs })
      return decision?.code === 'command-repeated'
    }),
  )
})

test('at its deadline and ever after a command is expired', () => {
  fc.assert(
    fc.property(fc.nat(), (laterMs) => {
      const decision = decideStart(command, { ...seen, nowMs: seen.arrivedMs + command.expiresInMs + laterMs })
      return decision?.code === 'command-expired'
    }),
  )
})

test('a command for another boot is stale', () => {
  expect(decideStart(command, { ...seen, bootId: OTHER_BOOT })?.code).toBe('stale-target')
})

test('nothing starts once the warden gives back what it holds', () => {
  expect(decideStart(command, { ...seen, stopping: true })?.code).toBe('host-offline')
})

test.each([
  ['frozen by someone else', freezeOf(), { ownFreeze: true }, 'foreign-freeze'],
  ['frozen by someone else', thawOf(), { ownFreeze: true }, 'foreign-freeze'],
  ['frozen by another freezer', thawOf(), { foreignFreezer: true }, 'foreign-freeze'],
  [
    'frozen by us and by another freezer',
    thawOf(),
    { foreignFreezer: true, ownFreeze: true, leaseHeld: true },
    'foreign-freeze',
  ],
  ['below a frozen group', thawOf(), { frozenAncestor: '/made' }, 'frozen-ancestor'],
  ['below a frozen group', freezeOf(), { frozenAncestor: '/made' }, null],
  ['frozen by us', freezeOf(), { ownFreeze: true, leaseHeld: true }, null],
  ['frozen by us', thawOf(), { ownFreeze: true, leaseHeld: true }, null],
  ['running', thawOf(), {}, null],
])('a target that is %s: %o', (_, asked, given, expected) => {
  expect(decideTarget(asked, { ...facts, ...given })?.code ?? null).toBe(expected)
})

test('on pure v1 the one freezer is ours too, so only the lease tells whose freeze it is', () => {
  const frozen: FreezeState = { own: true, effective: true, frozenAncestor: null, foreign: 'v1-freezer' }
  const thaw = thawOf()
  expect(decideTarget(thaw, { ...facts, ...freezersOf('v1', frozen), leaseHeld: true })).toBeNull()
  expect(decideTarget(thaw, { ...facts, ...freezersOf('v1', frozen), leaseHeld: false })?.code).toBe('foreign-freeze')
  expect(decideTarget(thaw, { ...facts, ...freezersOf('hybrid', frozen), leaseHeld: true })?.code).toBe(
    'foreign-freeze',
  )
})
