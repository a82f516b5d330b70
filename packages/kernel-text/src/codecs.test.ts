import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseFlatKeyed } from './flat-keyed.ts'
import { formatLimit, parseLimit } from './limit.ts'
import { KernelTextError } from './parse-error.ts'

test('a limit that is written and read again is the same', () => {
  fc.assert(fc.property(fc.nat(), (n) => parseLimit(`${formatLimit(n)}\n`) === n))
  expect(parseLimit(formatLimit('max'))).toBe('max')
})

test('a limit that is neither a number nor max is refused with its text', () => {
  expect(() => parseLimit('-1\n')).toThrow(/"-1/)
})

test('unknown keys are ignored and a missing key is an error', () => {
  expect(parseFlatKeyed('populated 1\nfrozen 0\nnew_key 7\n', ['frozen'])).toEqual({ frozen: 0 })
  expect(() => parseFlatKeyed('populated 1\n', ['frozen'])).toThrow(KernelTextError)
})

test('no text makes a codec fail in any other way than with its own error', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const parse of [parseLimit, (t: string) => parseFlatKeyed(t, ['frozen'])]) {
        try {
          parse(text)
        } catch (error) {
          expect(error).toBeInstanceOf(KernelTextError)
        }
      }
    }),
  )
})
