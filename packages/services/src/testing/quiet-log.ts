import type { Log } from '../log.ts'

/** A log that tests can read. */
export const createQuietLog = (): Log & { readonly lines: string[] } => {
  const lines: string[] = []
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
    }
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
