/**
 * The walls, as data: which room may import which (DESIGN of the rooms: ARCHITECTURE.md). Rules are about direct
 * imports; a room can only reach what its neighbours may reach, so they hold for what a bundle pulls in as well.
 */

export interface Room {
  /** Folder, from the repository's root. The longest folder that contains a file decides. */
  readonly folder: string
  /** Rooms of ours it may import, by folder. */
  readonly rooms: readonly string[]
  /** Rooms it may import types from, and nothing else. */
  readonly types?: readonly string[]
  /** Packages from npm; `*` allows all that no wall below keeps for another room. */
  readonly packages: readonly string[]
  /** Whether it may use Node's own modules. */
  readonly node: boolean
}

const HOST_SIDE = ['packages/domain', 'packages/protocol', 'packages/cgroups', 'packages/linux', 'packages/runtimes']

const DASHBOARD = 'apps/dashboard/src'

/** What a browser loads: each may import the ones before it. */
const BROWSER_ROOMS: readonly Room[] = ['ui', 'client', 'features'].map((part, at, all) => ({
  folder: `${DASHBOARD}/${part}`,
  rooms: ['packages/domain', 'packages/protocol', ...all.slice(0, at).map((before) => `${DASHBOARD}/${before}`)],
  types: ['packages/api'],
  packages: ['*'],
  node: false,
}))

/** Server components: they ask who is signed in, and hand over to the browser's rooms. */
const SIGNED_IN = [`${DASHBOARD}/features/shell/server.ts`, `${DASHBOARD}/features/shell/signed-in.tsx`]
const PAGES: readonly Room[] = [`${DASHBOARD}/app`, ...SIGNED_IN].map((folder) => ({
  folder,
  rooms: [
    'packages/domain',
    ...SIGNED_IN,
    ...['ui', 'client', 'features', 'server'].map((part) => `${DASHBOARD}/${part}`),
  ],
  packages: ['next', 'react', 'geist'],
  node: false,
}))

export const ROOMS: readonly Room[] = [
  { folder: 'packages/domain', rooms: [], packages: [], node: false },
  { folder: 'packages/kernel-text', rooms: ['packages/domain'], packages: [], node: false },
  { folder: 'packages/linux', rooms: [], packages: ['koffi'], node: true },
  {
    folder: 'packages/cgroups',
    rooms: ['packages/domain', 'packages/kernel-text', 'packages/linux'],
    packages: [],
    node: true,
  },
  { folder: 'packages/runtimes', rooms: ['packages/domain'], packages: [], node: true },
  { folder: 'packages/protocol', rooms: ['packages/domain'], packages: ['zod'], node: false },
  {
    folder: 'packages/db',
    rooms: ['packages/domain'],
    packages: ['@prisma/adapter-pg', '@prisma/client', 'pg', 'pg-copy-streams'],
    node: true,
  },
  {
    folder: 'packages/services',
    rooms: ['packages/domain', 'packages/protocol', 'packages/db'],
    packages: ['better-auth', 'zod'],
    node: true,
  },
  {
    folder: 'packages/api',
    rooms: ['packages/domain', 'packages/protocol', 'packages/services'],
    packages: ['@trpc/server', 'zod'],
    node: true,
  },
  { folder: 'apps/agent', rooms: HOST_SIDE, types: ['packages/api'], packages: ['*'], node: true },
  {
    folder: 'apps/dashboard',
    rooms: ['packages/domain', 'packages/protocol', 'packages/api', 'packages/services', 'packages/db'],
    packages: ['*'],
    node: true,
  },
  ...BROWSER_ROOMS,
  ...PAGES,
  {
    folder: 'apps/dashboard/src/server',
    rooms: ['packages/domain', 'packages/protocol', 'packages/api', 'packages/services', 'packages/db'],
    packages: ['*'],
    node: true,
  },
]

/** Packages that one room keeps for itself, even where another room may use all packages. */
export const KEPT: Readonly<Record<string, string>> = {
  koffi: 'packages/linux',
  '@prisma/client': 'packages/db',
  '@prisma/adapter-pg': 'packages/db',
  pg: 'packages/db',
  'pg-copy-streams': 'packages/db',
  'better-auth': 'packages/services',
}
