import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { z } from 'zod'

/** The only place that reads the environment. */

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`)

const originOf = (text: string): string | null => {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const plain = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  return plain && (url.protocol === 'http:' || url.protocol === 'https:') ? url.origin : null
}

const schema = z
  .object({
    /** 3000: what people expect of a web program on their own machine. */
    PORT: wholeNumber(1, 65_535).default(3000),
    /** Loopback: nothing is open to a network before someone says so. */
    HOST: z.string().min(1).default('127.0.0.1'),
    DATABASE_URL: z
      .string({ error: 'is missing: the address of a Postgres database, postgresql://user:password@host/name' })
      .regex(/^postgres(ql)?:\/\//, 'must start with postgresql://'),
    /** For container secrets: a file with the password that DATABASE_URL leaves out. */
    CORRAL_DATABASE_PASSWORD_FILE: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
    CORRAL_SECRET_DIR: z
      .string({ error: 'is missing: a folder of its own where the dashboard keeps its keys' })
      .refine(isAbsolute, 'must be an absolute path'),
    CORRAL_PUBLIC_URL: z
      .string()
      .refine((text) => originOf(text) !== null, 'must be http(s)://host[:port] without a path')
      .optional(),
    CORRAL_RUN_UID: wholeNumber(1, 4_294_967_294).optional(),
    CORRAL_RUN_GID: wholeNumber(1, 4_294_967_294).optional(),
    CORRAL_PARENT_PID: wholeNumber(1, 4_194_304).optional(),
    /** `info`: one line for each thing an operator may want to know of. */
    CORRAL_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    NODE_ENV: z.string().optional(),
  })
  .refine((env) => (env.CORRAL_RUN_UID === undefined) === (env.CORRAL_RUN_GID === undefined), {
    path: ['CORRAL_RUN_GID'],
    error: 'must be given together with CORRAL_RUN_UID',
  })

/** `url` with the password in `file`. Throws `EnvError`. */
const withPassword = (url: string, file: string): string => {
  const whole = new URL(url)
  try {
    whole.password = encodeURIComponent(readFileSync(file, 'utf8').trim())
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EnvError(`The dashboard cannot start:\n  CORRAL_DATABASE_PASSWORD_FILE cannot be read: ${reason}`)
  }
  if (whole.password === '')
    throw new EnvError(
      'The dashboard cannot start:\n  CORRAL_DATABASE_PASSWORD_FILE is empty, or DATABASE_URL names no user and host',
    )
  return whole.href
}

export interface Env {
  readonly port: number
  readonly host: string
  readonly databaseUrl: string
  readonly secretDir: string
  /** Scheme, host and port that browsers and agents use, without a slash at the end. */
  readonly publicOrigin: string
  /** Whom to become when started as root; null: stay who we are. */
  readonly runAs: { readonly uid: number; readonly gid: number } | null
  /** The process that started this one and takes it along when it ends; null: nobody. */
  readonly parentPid: number | null
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Pages are compiled as they are asked for; only from a source tree. */
  readonly dev: boolean
}

/** What is wrong with the environment, one line per variable; values are never repeated, they may be secrets. */
export class EnvError extends Error {
  override readonly name = 'EnvError'
}

/** Reads the settings. Throws `EnvError`. An empty variable counts as absent. */
export const readEnv = (source: Readonly<Record<string, string | undefined>>): Env => {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const read = schema.safeParse(given)
  if (!read.success) {
    const lines = read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
    throw new EnvError(`The dashboard cannot start:\n${lines.map((line) => `  ${line}`).join('\n')}`)
  }
  const env = read.data
  const { CORRAL_RUN_UID: uid, CORRAL_RUN_GID: gid, CORRAL_DATABASE_PASSWORD_FILE: passwordFile } = env
  return {
    port: env.PORT,
    host: env.HOST,
    databaseUrl: passwordFile === undefined ? env.DATABASE_URL : withPassword(env.DATABASE_URL, passwordFile),
    secretDir: env.CORRAL_SECRET_DIR,
    publicOrigin: originOf(env.CORRAL_PUBLIC_URL ?? '') ?? `http://localhost:${env.PORT}`,
    runAs: uid === undefined || gid === undefined ? null : { uid, gid },
    parentPid: env.CORRAL_PARENT_PID ?? null,
    logLevel: env.CORRAL_LOG_LEVEL,
    dev: env.NODE_ENV === 'development',
  }
}
