import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * Builds the dashboard into one folder, `apps/dashboard/.next/standalone`, which runs wherever it is copied to:
 * `node apps/dashboard/server.mjs`. Next's part of node_modules is in it, the server and all it needs is one bundle.
 */

const root = fileURLToPath(new URL('..', import.meta.url))
const app = join(root, 'apps/dashboard')
const standalone = join(app, '.next/standalone')
const home = join(standalone, 'apps/dashboard')

/** Optional modules that the bundled packages do without. */
const ABSENT = ['msgpackr-extract', 'bufferutil', 'utf-8-validate', 'pino-pretty', 'pg-native', 'pg-cloudflare']

const BANNER = `import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
process.env.NODE_ENV = 'production'`

const buildPages = () => {
  const done = spawnSync(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
    cwd: app,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  if (done.status !== 0) throw new Error(`next build failed:\n${done.stdout}${done.stderr}`)
}

const bundleServer = () =>
  build({
    absWorkingDir: app,
    entryPoints: [join(app, 'src/server/main.ts')],
    outfile: join(home, 'server.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    // Next stays as its standalone build has it; the rest is inside.
    external: ['next', 'next/*', ...ABSENT],
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'linked',
    // Packages that are CommonJS call `require` for Node's own modules; tRPC and React ask what they run in while they
    // are loaded, and a bundle is never for development.
    banner: { js: BANNER },
    logLevel: 'warning',
  })

/** What Next leaves to whoever places the build: files for browsers, and what our server needs beside it. */
const layOut = () => {
  cpSync(join(app, '.next/static'), join(home, '.next/static'), { recursive: true })
  if (existsSync(join(app, 'public'))) cpSync(join(app, 'public'), join(home, 'public'), { recursive: true })
  cpSync(join(root, 'prisma/migrations'), join(standalone, 'prisma/migrations'), { recursive: true })
  // Next's own server would start without any of ours.
  rmSync(join(home, 'server.js'), { force: true })
  // Nothing here resizes images: half of the folder would be libraries for that.
  for (const name of ['sharp', '@img']) rmSync(join(standalone, 'node_modules', name), { recursive: true, force: true })
}

try {
  buildPages()
  await bundleServer()
  layOut()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
