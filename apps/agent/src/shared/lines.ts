/**
 * Splits a byte stream into lines of UTF-8 text. A line longer than `longest` bytes is dropped whole and reported
 * as `null`, so that a peer cannot make us hold more than one line.
 */
export const createLineSplitter = (longest: number): ((chunk: Uint8Array) => (string | null)[]) => {
  let held: Uint8Array[] = []
  let heldBytes = 0
  let skipping = false

  return (chunk) => {
    const lines: (string | null)[] = []
    let from = 0
    for (;;) {
      const end = chunk.indexOf(0x0a, from)
      const part = chunk.subarray(from, end < 0 ? chunk.length : end)
      if (!skipping && heldBytes + part.length > longest) {
        skipping = true
        held = []
        heldBytes = 0
      }
      if (!skipping && part.length > 0) {
        held.push(part)
        heldBytes += part.length
      }
      if (end < 0) return lines
      if (skipping) lines.push(null)
      else if (heldBytes > 0) lines.push(Buffer.concat(held).toString('utf8'))
      held = []
      heldBytes = 0
      skipping = false
      from = end + 1
    }
  }
}

/** The value of a JSON text, or undefined if it is none. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
