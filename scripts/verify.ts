import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { repoRoot } from './launch/paths.ts'
import { checkDocumentedPaths, checkUnusedExports, checkWalls } from './walls/check.ts'

/** `npm run verify`: format, lint, types, walls, unused exports and documented paths; no root, no database. */

const run = (name: string, command: string, args: readonly string[]): boolean => {
  const began = performance.now()
  const done = spawnSync(command, args, { cwd: repoRoot, encoding: 'utf8' })
  const ok = done.status === 0
  console.log(`${ok ? '✓' : '✗'} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
  if (!ok) console.log(`${done.stdout}${done.stderr}`)
  return ok
}

const judge = (name: string, findings: readonly string[]): boolean => {
  console.log(`${findings.length === 0 ? '✓' : '✗'} ${name}`)
  for (const finding of findings) console.log(`    ${finding}`)
  return findings.length === 0
}

const inside = (folder: string): string[] => readdirSync(join(repoRoot, folder)).map((name) => `${folder}/${name}`)
const rooms = [...inside('packages'), ...inside('apps'), 'e2e', 'bench', 'scripts']

const results = [
  run('database client', 'npm', ['run', '--silent', 'generate']),
  judge('walls', checkWalls(repoRoot)),
  judge('unused exports', checkUnusedExports(repoRoot)),
  judge('documented paths', checkDocumentedPaths(repoRoot)),
  run('format and lint', 'node_modules/.bin/biome', ['check', '--error-on-warnings', '.']),
  ...rooms.map((room) => run(`types of ${room}`, 'node_modules/.bin/tsc', ['--noEmit', '-p', room])),
]
process.exit(results.every(Boolean) ? 0 : 1)
