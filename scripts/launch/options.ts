import { parseArgs } from 'node:util'
import { StartError } from './steps.ts'

export interface StartOptions {
  readonly demo: boolean
  readonly signInLink: boolean
  readonly help: boolean
  readonly port: number
  readonly databaseUrl: string | null
}

export const USAGE = `npm start                    starts Corral on this host and prints a one-time sign-in link
npm start -- --demo          the same, with six real, harmless containers to look at
npm start -- --sign-in-link  prints a new sign-in link for a Corral that is running

PORT             port of the dashboard (3000)
CORRAL_DATA_DIR  where everything is kept (/var/lib/corral as root, ~/.local/share/corral otherwise)
DATABASE_URL     a Postgres 15 or newer to use instead of the embedded one`

const readPort = (text: string): number => {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StartError(`PORT must be a number from 1 to 65535, not "${text}".`)
  return port
}

/** Reads the command line and the environment; the one place of the launcher that does. */
export const readOptions = (argv: readonly string[], env: NodeJS.ProcessEnv): StartOptions => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        demo: { type: 'boolean' },
        'sign-in-link': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return {
      demo: values.demo ?? false,
      signInLink: values['sign-in-link'] ?? false,
      help: values.help ?? false,
      port: readPort(env.PORT ?? '3000'),
      databaseUrl: env.DATABASE_URL ?? null,
    }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  }
}
