/** A kernel file said something this codec does not understand; `line` is what it said, bounded. */
export class KernelTextError extends Error {
  override readonly name = 'KernelTextError'
  readonly format: string
  readonly line: string

  constructor(format: string, line: string, expected: string) {
    super(`${format}: expected ${expected}, got ${JSON.stringify(line.slice(0, 200))}`)
    this.format = format
    this.line = line
  }
}
