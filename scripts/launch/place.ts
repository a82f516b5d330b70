import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { makeDir } from './paths.ts'

/**
 * Copies of what runs, inside the data directory: the parts run under their own users, who may not be able to reach
 * a clone in somebody's home, and a rebuild must not change files under a running product.
 */

const fingerprint = (folder: string): string => {
  const hash = createHash('sha256')
  const walk = (dir: string): void => {
    for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(dir, entry.name)
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile()) {
        const { size, mtimeMs } = statSync(path)
        hash.update(`${relative(folder, path)} ${size} ${mtimeMs}\n`)
      }
    }
  }
  walk(folder)
  return hash.digest('hex')
}

/** World-readable, owner-writable, for every file and folder below `folder`. */
const openForReading = (folder: string): void => {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openForReading(path)
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o111 ? 0o755 : 0o644)
  }
}

/** Makes `to` a copy of the folders in `from` (name inside `to` → source), unless it already is one. */
export const place = (to: string, from: Readonly<Record<string, string>>): void => {
  const stampFile = join(to, '.placed')
  const stamp = Object.entries(from)
    .map(([name, source]) => `${name} ${fingerprint(source)}`)
    .join('\n')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  rmSync(to, { recursive: true, force: true })
  makeDir(to, 0o755)
  for (const [name, source] of Object.entries(from))
    cpSync(source, join(to, name), { recursive: true, verbatimSymlinks: true })
  openForReading(to)
  writeFileSync(stampFile, stamp)
}
