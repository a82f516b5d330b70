import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './launch/build.ts'
import { isRoot, repoRoot } from './launch/paths.ts'

/** `npm run bench:NAME`: builds what changed, then runs `bench/NAME.ts`, which prints one JSON line per result. */

const name = process.argv[2] ?? ''
const file = join(repoRoot, 'bench', `${name}.ts`)
if (!/^[a-z-]+$/.test(name) || !existsSync(file)) {
  console.error(`There is no bench "${name}".`)
  process.exit(2)
}
if (!isRoot) {
  console.error('The benches make control groups, which needs root.')
  process.exit(2)
}
await build(new AbortController().signal)
await import(file)
