/** A kind of test with needs of its own. A lane that cannot run here is named with the reason; it never just vanishes. */
export interface Lane {
  readonly name: string
  /** Installs what can be installed; returns why the lane cannot run here, or null if it can. */
  readonly prepare: () => Promise<string | null>
  readonly run: () => Promise<Tally>
}

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}
