import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeBytes, unescapeBytes } from './bytes-text.ts'

describe('escapeBytes', () => {
  test('any bytes come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(unescapeBytes(escapeBytes(bytes))).toEqual(bytes)
      }),
      { numRuns: 5000 },
    )
  })

  test('the byte 0xff and the character U+FFFD are two different names', () => {
    expect(escapeBytes(Uint8Array.of(0xff))).toBe('\\xff')
    expect(escapeBytes(Uint8Array.of(0xef, 0xbf, 0xbd))).toBe('\ufffd')
  })

  test('no control character, escape sequence or bidi mark reaches a screen', () => {
    const hostile = Uint8Array.of(0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xe2, 0x80, 0xae, 0xe2, 0x80, 0x8b, 0x07)
    expect(escapeBytes(hostile)).toBe('\\u{1b}[31m\\u{202e}\\u{200b}\\u{7}')
  })

  test('text that escapeBytes cannot have made is refused', () => {
    expect(() => unescapeBytes('a\\q')).toThrow(RangeError)
  })
})
