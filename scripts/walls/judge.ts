import { posix } from 'node:path'
import type { ImportStatement } from './imports.ts'
import { KEPT, ROOMS, type Room } from './rules.ts'

/** Decides whether one import may stand; null if it may, else why not. Pure. */

const inside = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder}/`)

export const roomOf = (file: string): Room | undefined =>
  ROOMS.filter((room) => inside(file, room.folder)).sort((a, b) => b.folder.length - a.folder.length)[0]

/** `@scope/name/deep` → `@scope/name`; `name/deep` → `name`. */
const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** The file or folder of ours that an import means; null for npm packages and Node's modules. */
const ourTarget = (file: string, specifier: string): string | null => {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(file), specifier))
  const own = /^@corral\/(?<name>[^/]+)/.exec(specifier)?.groups?.name
  if (own === undefined) return null
  return own === 'agent' || own === 'dashboard' ? `apps/${own}` : `packages/${own}`
}

export const judgeImport = (file: string, statement: ImportStatement): string | null => {
  const room = roomOf(file)
  if (!room) return null
  const { specifier, typeOnly } = statement
  const target = ourTarget(file, specifier)
  if (target !== null) {
    const home = roomOf(target)
    if (!home || home === room) return null
    if (room.rooms.includes(home.folder)) return null
    if (typeOnly && room.types?.includes(home.folder)) return null
    return `${room.folder} may not import ${typeOnly ? 'types of ' : ''}${home.folder}`
  }
  if (specifier.startsWith('node:')) return room.node || typeOnly ? null : `${room.folder} may not use ${specifier}`
  const name = packageName(specifier)
  const keeper = KEPT[name]
  if (keeper !== undefined) return keeper === room.folder ? null : `${name} belongs to ${keeper} alone`
  if (room.packages.includes('*') || room.packages.includes(name)) return null
  return `${room.folder} may not import the package ${name}`
}
