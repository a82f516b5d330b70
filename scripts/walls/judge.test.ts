import { expect, test } from 'vitest'
import { importsOf } from './imports.ts'
import { judgeImport } from './judge.ts'

const verdicts = (file: string, source: string) => importsOf(source).map((statement) => judgeImport(file, statement))

test('privilege wall: koffi outside linux is caught, however it is imported', () => {
  const file = 'packages/cgroups/src/freeze.ts'
  const source =
    "import koffi from 'koffi'\nimport 'koffi'\nconst lazy = await import('koffi')\nexport { load } from 'koffi'\n"
  expect(verdicts(file, source)).toEqual(Array(4).fill('koffi belongs to packages/linux alone'))
  expect(verdicts('packages/linux/src/syscalls.ts', source)).toEqual([null, null, null, null])
})

test('data wall: Prisma, pg and their deep paths outside db are caught', () => {
  const source = "import { PrismaClient } from '@prisma/client/runtime'\nimport pg from 'pg'\n"
  expect(verdicts('packages/services/src/a.ts', source)).toEqual([
    '@prisma/client belongs to packages/db alone',
    'pg belongs to packages/db alone',
  ])
})

test('browser wall: a value of the api or of the server in browser code is caught, a type is not', () => {
  const file = 'apps/dashboard/src/features/fleet/table.tsx'
  const source = [
    "import { createAppRouter } from '@corral/api'",
    "import type { AppRouter } from '@corral/api'",
    "import { type AppRouter } from '@corral/api'",
    "import { currentSession } from '../../server/session.ts'",
    "import { openDatabase } from '@corral/db'",
    "import { readFileSync } from 'node:fs'",
  ].join('\n')
  expect(verdicts(file, source)).toEqual([
    'apps/dashboard/src/features may not import packages/api',
    null,
    null,
    'apps/dashboard/src/features may not import apps/dashboard/src/server',
    'apps/dashboard/src/features may not import packages/db',
    'apps/dashboard/src/features may not use node:fs',
  ])
})

test('the agent knows the api by its types only, and nothing of the database', () => {
  const source =
    "import { appRouter } from '@corral/api'\nimport type { AgentRouter } from '@corral/api'\nimport '@corral/db'\n"
  expect(verdicts('apps/agent/src/agent/link.ts', source)).toEqual([
    'apps/agent may not import packages/api',
    null,
    'apps/agent may not import packages/db',
  ])
})

test('an import over several lines is seen', () => {
  const source = "import {\n  type A,\n  b,\n} from 'koffi'\n"
  expect(importsOf(source)).toEqual([{ specifier: 'koffi', typeOnly: false, line: 1 }])
})

test('a relative path cannot go round a wall', () => {
  expect(verdicts('packages/domain/src/a.ts', "import { x } from '../../db/src/index.ts'\n")).toEqual([
    'packages/domain may not import packages/db',
  ])
})
