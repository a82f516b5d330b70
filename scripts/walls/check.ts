import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { importsOf } from './imports.ts'
import { judgeImport } from './judge.ts'

/** Reads the repository and reports what its rules refuse; an empty list is a clean tree. */

const SOURCE = /\.tsx?$/
/** Tests and test helpers may reach further than the code they test. */
const TEST = /\.test\.tsx?$|\/testing\/|\.config\.ts$/

const sourceFiles = (root: string): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'apps', 'packages'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
    .split('\n')
    .filter((file) => SOURCE.test(file) && existsSync(join(root, file)))

/** Imports that cross a wall, as `file:line reason`. */
export const checkWalls = (root: string): string[] =>
  sourceFiles(root)
    .filter((file) => !TEST.test(file))
    .flatMap((file) =>
      importsOf(readFileSync(join(root, file), 'utf8')).flatMap((statement) => {
        const reason = judgeImport(file, statement)
        return reason === null ? [] : [`${file}:${statement.line} ${reason}`]
      }),
    )

const DECLARED = /^export (?:async )?(?:const|function|class|let) (?<name>\w+)/gm
/** Files whose exports a framework calls. */
const ENTRY =
  /(\/app\/.*\/?(page|layout|error|not-found|loading|route)\.tsx?|next\.config\.ts|\/index\.ts|\.test\.tsx?)$/

/** Exported names that no other file mentions. */
export const checkUnusedExports = (root: string): string[] => {
  const files = [...sourceFiles(root)]
  const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
  const words = new Map<string, Set<string>>()
  for (const [file, source] of sources)
    for (const [word] of source.matchAll(/\w+/g)) words.set(word, (words.get(word) ?? new Set()).add(file))
  return files
    .filter((file) => !ENTRY.test(file))
    .flatMap((file) =>
      [...(sources.get(file) ?? '').matchAll(DECLARED)]
        .map((match) => match.groups?.name ?? '')
        .filter((name) => (words.get(name)?.size ?? 0) < 2)
        .map((name) => `${file} exports ${name}, which nothing uses`),
    )
}

/** Paths in backticks, in the project's documents, that do not exist. */
export const checkDocumentedPaths = (root: string): string[] =>
  execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)))
    .flatMap((file) =>
      [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /`(?<path>(?:apps|packages|scripts|prisma|e2e|bench|docs|fixtures)\/[\w./-]*)`/g,
        ),
      ]
        .map((match) => match.groups?.path ?? '')
        .filter((path) => !existsSync(join(root, path)))
        .map((path) => `${file} names ${path}, which does not exist`),
    )
