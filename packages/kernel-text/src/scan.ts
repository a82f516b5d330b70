/**
 * What the byte scanners share. The scanners are the codecs of files that are read for every group every second: they
 * work on the bytes in place and write numbers into an array, with no string, object or promise per value. A value
 * that is not there, or is not a decimal number, is NaN: a gap. Numbers above 2^53 lose their last bits.
 */

export const NEWLINE = 0x0a
const SPACE = 0x20

/** Text of `length` bytes in `bytes`; its values go to `out[at]`, `out[at + 1]`, … */
export type Scan = (bytes: Uint8Array, length: number, out: Float64Array, at: number) => void

export const asciiBytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))

/** Where the line that holds `from` ends: its newline, or `length`. */
export const lineEnd = (bytes: Uint8Array, from: number, length: number): number => {
  let at = from
  while (at < length && bytes[at] !== NEWLINE) at++
  return at
}

export const startsWith = (bytes: Uint8Array, from: number, end: number, word: Uint8Array): boolean => {
  if (end - from < word.length) return false
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word[i]) return false
  return true
}

/** The decimal number that fills `from` to `end`; NaN if anything else does. */
export const decimal = (bytes: Uint8Array, from: number, end: number): number => {
  if (from >= end) return Number.NaN
  let value = 0
  for (let at = from; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** The end of the word that starts at `from`: a space, a newline or `end`. */
export const wordEnd = (bytes: Uint8Array, from: number, end: number): number => {
  let at = from
  while (at < end && bytes[at] !== SPACE && bytes[at] !== NEWLINE) at++
  return at
}

export const skipSpaces = (bytes: Uint8Array, from: number, end: number): number => {
  let at = from
  while (at < end && bytes[at] === SPACE) at++
  return at
}
