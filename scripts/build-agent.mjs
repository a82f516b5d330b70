import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * Bundles warden and agent into `apps/agent/dist`, which runs wherever it is copied to: everything is inside but
 * koffi, whose native part lies beside in `node_modules`.
 */

const app = fileURLToPath(new URL('../apps/agent', import.meta.url))
const dist = join(app, 'dist')
const next = join(app, '.cache', `dist-${process.pid}`)

/** Native or optional modules that the bundled packages do without. */
const ABSENT = ['msgpackr-extract', 'bufferutil', 'utf-8-validate', 'pino-pretty']

/** Parts of koffi that are needed only to compile it. */
const UNUSED = ['doc', 'lib', 'vendor', 'cnoke.cjs']

/** zod's messages in fifty languages, of which none is shown: only the default one stays. */
const onlyEnglish = {
  name: 'only-english',
  setup: (builder) => {
    builder.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }))
  },
}

const bundle = async () => {
  const programs = { warden: 'src/warden/main.ts', agent: 'src/agent/main.ts' }
  await build({
    absWorkingDir: app,
    entryPoints: Object.entries(programs)
      .filter(([, source]) => existsSync(join(app, source)))
      .map(([out, source]) => ({ in: source, out })),
    outdir: next,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external: ['koffi', ...ABSENT],
    sourcemap: 'linked',
    sourcesContent: false,
    // Node keeps the source in memory as long as the program runs. Names stay: they are in every stack trace.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [onlyEnglish],
    legalComments: 'linked',
    // pino and ws are CommonJS and call `require` for Node's own modules.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  })
}

/** koffi without its C sources, and the native parts that are installed for this machine. */
const copyKoffi = () => {
  // From the room that may load it; its package.json is not exported, its entry is.
  const require = createRequire(new URL('../packages/linux/package.json', import.meta.url))
  const koffi = dirname(require.resolve('koffi'))
  const modules = dirname(koffi)
  const to = join(next, 'node_modules')
  const wanted = (path) => statSync(path).isDirectory() || /(\.c?js|package\.json|LICENSE\.txt)$/.test(path)
  for (const name of readdirSync(koffi).filter((each) => !UNUSED.includes(each))) {
    if (wanted(join(koffi, name)))
      cpSync(join(koffi, name), join(to, 'koffi', name), { recursive: true, filter: wanted })
  }
  const native = readdirSync(join(modules, '@koromix')).filter((name) => name.startsWith('koffi-linux-'))
  if (native.length === 0) throw new Error(`koffi has no native part for ${process.arch}: run npm ci`)
  mkdirSync(join(to, '@koromix'), { recursive: true })
  for (const name of native) {
    cpSync(join(modules, '@koromix', name), join(to, '@koromix', name), { recursive: true })
  }
}

rmSync(next, { recursive: true, force: true })
try {
  await bundle()
  copyKoffi()
  rmSync(dist, { recursive: true, force: true })
  renameSync(next, dist)
} finally {
  rmSync(next, { recursive: true, force: true })
}
