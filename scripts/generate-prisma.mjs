// Makes the Prisma client from prisma/schema.prisma. Quick when nothing it is made from changed; needs no network.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const schema = join(root, 'prisma/schema.prisma')
const generated = join(root, 'packages/db/src/generated')
const stamp = join(generated, '.made-from')

const manifest = createRequire(join(root, 'packages/db/package.json')).resolve('prisma/package.json')
const wanted = createHash('sha256')
  .update(readFileSync(schema))
  .update(readFileSync(manifest))
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  // Without the old stamp, a run that is cut short is repeated.
  rmSync(generated, { recursive: true, force: true })
  const done = spawnSync(
    process.execPath,
    [join(dirname(manifest), 'build/index.js'), 'generate', '--schema', schema, '--no-hints'],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        // The schema engine would be downloaded, and generating does not use it.
        PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
    },
  )
  if (done.status !== 0) {
    console.error(`prisma generate failed:\n${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`)
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}
