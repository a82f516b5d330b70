/**
 * Kernel names are bytes: a group may be called anything but newline and slash. `escapeBytes` turns any byte string
 * into printable text from which `unescapeBytes` gets the same bytes back, so that two different names never look
 * or compare equal, and no name can carry a control character, a terminal escape or a bidi mark to a screen.
 *
 * - Valid UTF-8 that is printable stands for itself.
 * - A backslash is `\\`.
 * - Controls, format characters (bidi marks, zero width), line and paragraph separators are `\u{202e}`.
 * - Bytes that are not UTF-8 are `\xff`.
 */

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u

/** Length in bytes of the valid UTF-8 sequence at `at`, or 0. Follows table 3-7 of the Unicode standard. */
const sequenceLength = (bytes: Uint8Array, at: number): number => {
  const lead = bytes[at] ?? 0
  const second = bytes[at + 1] ?? 0
  const tail = (i: number) => ((bytes[at + i] ?? 0) & 0xc0) === 0x80
  if (lead < 0x80) return 1
  if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0
  if (lead >= 0xe0 && lead <= 0xef) {
    const low = lead === 0xe0 ? 0xa0 : 0x80
    const high = lead === 0xed ? 0x9f : 0xbf
    return second >= low && second <= high && tail(2) ? 3 : 0
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const low = lead === 0xf0 ? 0x90 : 0x80
    const high = lead === 0xf4 ? 0x8f : 0xbf
    return second >= low && second <= high && tail(2) && tail(3) ? 4 : 0
  }
  return 0
}

const codePointAt = (bytes: Uint8Array, at: number, length: number): number => {
  const lead = bytes[at] ?? 0
  let point = length === 1 ? lead : lead & (0x7f >> length)
  for (let i = 1; i < length; i++) point = (point << 6) | ((bytes[at + i] ?? 0) & 0x3f)
  return point
}

/** Printable, reversible text for any bytes. */
export const escapeBytes = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    if (length === 0) {
      text += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`
      at += 1
      continue
    }
    const point = codePointAt(bytes, at, length)
    const char = String.fromCodePoint(point)
    if (char === '\\') text += '\\\\'
    else if (UNPRINTABLE.test(char)) text += `\\u{${point.toString(16)}}`
    else text += char
    at += length
  }
  return text
}

const pushUtf8 = (out: number[], point: number): void => {
  if (point < 0x80) out.push(point)
  else if (point < 0x800) out.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f))
  else if (point < 0x10000) out.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f))
  else
    out.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f))
}

const ESCAPE = /^\\(?:(\\)|x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\})/

/** The bytes that `escapeBytes` made this text from. Throws a `RangeError` on text it cannot have made. */
export const unescapeBytes = (text: string): Uint8Array => {
  const out: number[] = []
  for (let at = 0; at < text.length; ) {
    if (text[at] === '\\') {
      const match = ESCAPE.exec(text.slice(at, at + 12))
      if (!match) throw new RangeError(`not an escaped name: ${JSON.stringify(text)} at ${at}`)
      if (match[1]) out.push(0x5c)
      else if (match[2]) out.push(Number.parseInt(match[2], 16))
      else pushUtf8(out, Number.parseInt(match[3] ?? '0', 16))
      at += match[0].length
      continue
    }
    const point = text.codePointAt(at) ?? 0
    pushUtf8(out, point)
    at += point > 0xffff ? 2 : 1
  }
  return Uint8Array.from(out)
}
