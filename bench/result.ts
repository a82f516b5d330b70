/** One measured case, printed as one JSON line; the peer was measured in the same run. */
export interface Result {
  readonly bench: string
  readonly case: string
  readonly unit: string
  readonly p50?: number
  readonly p99?: number
  readonly value?: number
  readonly peer: { readonly name: string; readonly p50?: number; readonly p99?: number; readonly value?: number } | null
  /** Ours over the peer's, of p50 or value; null without a peer. */
  readonly ratio: number | null
  readonly runs: number
  readonly method: string
}

export const print = (result: Result): void => console.log(JSON.stringify(result))

/** The value below which the share `q` (0…1) of the values lies; nearest rank. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}

export const round = (value: number, digits = 3): number => Number(value.toFixed(digits))
