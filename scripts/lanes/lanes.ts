import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRoot, repoRoot } from '../launch/paths.ts'
import { requireBrowser } from './chromium.ts'
import type { Lane } from './lane.ts'
import { runPlaywright } from './playwright.ts'
import { run } from './run.ts'
import { runVitest } from './vitest.ts'

const generate = async (): Promise<string | null> => {
  const { code, output } = await run('npm', ['run', '--silent', 'generate'])
  return code === 0 ? null : `the database client could not be generated:\n${output}`
}

const needRoot = (what: string): string | null => (isRoot ? null : `${what} needs root; run it with sudo`)

const needCgroups = (): string | null => {
  const reason = needRoot('making control groups')
  if (reason !== null) return reason
  const mounted = /\bcgroup2? /.test(readFileSync('/proc/self/mountinfo', 'utf8'))
  return mounted ? null : 'no control group hierarchy is mounted'
}

/** Parts that a lane needs and that do not exist yet; goes away with the last of them. */
const needWritten = (path: string): string | null =>
  existsSync(join(repoRoot, path)) ? null : `it waits for ${path}, which is not written yet`

/** Every lane, in the order they run: the quick ones first. */
export const LANES: readonly Lane[] = [
  {
    name: 'unit',
    prepare: async () => (existsSync(join(repoRoot, 'scripts/generate-prisma.mjs')) ? generate() : null),
    run: () => runVitest('vitest.config.ts'),
  },
  {
    name: 'database',
    prepare: async () => needWritten('packages/db/vitest.db.config.ts') ?? (await generate()),
    run: () => runVitest('packages/db/vitest.db.config.ts'),
  },
  {
    name: 'host',
    prepare: async () => needWritten('e2e/host/vitest.config.ts') ?? needCgroups(),
    run: () => runVitest('e2e/host/vitest.config.ts'),
  },
  {
    name: 'web',
    prepare: async () => needWritten('apps/dashboard/src/server/main.ts') ?? needCgroups() ?? (await requireBrowser()),
    run: runPlaywright,
  },
]
