import { Command } from 'commander'
import { migrate, printEnrolToken, printSignInLink } from './commands.ts'
import { type Env, EnvError, readEnv } from './env.ts'
import { dropPrivileges, openLogger, watchParent } from './process.ts'
import { serve } from './serve.ts'
import { VERSION } from './version.ts'

/** The dashboard's program and its command line. Answers go to standard output, everything else to standard error. */

process.title = 'corral-dashboard'

/** Whatever does not end by itself is left behind after this long. */
const STOP_WITHIN_MS = 2500

const start = (): Env => {
  const env = readEnv(process.env)
  dropPrivileges(env.runAs)
  return env
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const program = new Command('corral-dashboard')
  .description('The dashboard of Corral. Settings come from the environment.')
  .version(VERSION)

program
  .command('serve', { isDefault: true })
  .description('serve pages, browsers and agents (the default)')
  .action(async () => {
    const env = start()
    const log = openLogger(env.logLevel)
    for (const event of ['uncaughtException', 'unhandledRejection'] as const)
      process.on(event, (error: unknown) => {
        log.fatal({ err: error }, event)
        process.exit(1)
      })
    const running = await serve(env, log)
    let stopping = false
    const stop = async (why: string): Promise<void> => {
      if (stopping) return
      stopping = true
      log.info({ why }, 'stopping')
      setTimeout(() => {
        log.warn('some part did not stop in time')
        process.exit(0)
      }, STOP_WITHIN_MS).unref()
      await running.stop()
      process.exit(0)
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
    watchParent(env.parentPid, () => void stop('whoever started it has ended'))
  })

program
  .command('enrol-token')
  .description('print a token with which one host may join, once, within 15 minutes')
  .option('--host <name>', 'what the host is to be called')
  .action(async ({ host }: { readonly host?: string }) => say(await printEnrolToken(start(), host ?? null)))

program
  .command('sign-in-link')
  .description('print a link with which the admin may sign in, once')
  .action(async () => say(await printSignInLink(start())))

program
  .command('migrate')
  .description("bring the database's tables to this version; print what was applied")
  .action(async () => {
    for (const name of await migrate(start())) say(name)
  })

const explain = (error: unknown): string => {
  if (error instanceof EnvError) return error.message
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return `${error.message}: something else listens there; set PORT to a free port.`
  return error.name === 'CorralError' ? error.message : (error.stack ?? error.message)
}

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}
