import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TempDir extends Disposable {
  readonly path: string
}

/** A fresh directory that goes, with all in it, at the end of the `using` block. */
export const tempDir = (): TempDir => {
  const path = mkdtempSync(join(tmpdir(), 'corral-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
