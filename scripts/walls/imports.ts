/** One import or re-export of a module, as a formatted source file states it. */
export interface ImportStatement {
  readonly specifier: string
  /** Whether only types are taken, which leaves nothing in what runs. */
  readonly typeOnly: boolean
  readonly line: number
}

const STATEMENT = /^(?:import|export)\b(?<what>[^'"`;]*?)\bfrom '(?<from>[^']+)'/gm
const BARE = /^import '(?<from>[^']+)'/gm
const DYNAMIC = /\bimport\('(?<from>[^']+)'\)/g

const isTypeOnly = (what: string): boolean => {
  if (/^\s+type\b/.test(what)) return true
  const braces = /^\s*\{(?<names>[^}]*)\}\s*$/.exec(what)?.groups?.names
  if (braces === undefined) return false
  const names = braces.split(',').map((name) => name.trim())
  return names.every((name) => name === '' || name.startsWith('type '))
}

/** Every import in `source`, which Biome has formatted (single quotes, statements at the line's start). */
export const importsOf = (source: string): ImportStatement[] => {
  const found: ImportStatement[] = []
  const add = (match: RegExpMatchArray, typeOnly: boolean) =>
    found.push({
      specifier: match.groups?.from ?? '',
      typeOnly,
      line: source.slice(0, match.index).split('\n').length,
    })
  for (const match of source.matchAll(STATEMENT)) add(match, isTypeOnly(match.groups?.what ?? ''))
  for (const match of source.matchAll(BARE)) add(match, false)
  for (const match of source.matchAll(DYNAMIC)) add(match, false)
  return found
}
