import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type { Database } from '@corral/db'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { magicLink } from 'better-auth/plugins/magic-link'
import type { Log } from '../log.ts'
import { withHashedSessions } from './hashed-sessions.ts'

/** Where better-auth is mounted, and all of it that the world may reach. */
const AUTH_BASE = '/api/auth'
const PUBLIC_PATHS = ['/magic-link/verify', '/sign-out']

/** How long a sign-in link is good, in seconds. */
const LINK_SEC = 15 * 60
/** How long a session is good, in seconds. */
const SESSION_SEC = 7 * 86_400

export interface AuthOptions {
  readonly database: Database
  readonly publicUrl: string
  readonly secret: string
  readonly log: Log
}

/** Catches the link that better-auth wants sent by mail; of parallel calls, each gets its own. */
export const mailbox = new AsyncLocalStorage<{ url: string | null }>()

/** Only what the world may reach; everything else of better-auth does not exist for it. */
export const isPublicPath = (pathname: string): boolean =>
  PUBLIC_PATHS.some((path) => pathname === `${AUTH_BASE}${path}`)

/**
 * `__Host-` (RFC 6265bis §4.1.3.2): a browser takes such a cookie only over https, without a domain. The name is
 * ours to give because better-auth's own prefix is the weaker `__Secure-`.
 */
const cookieSettings = (https: boolean) =>
  ({
    useSecureCookies: false,
    cookiePrefix: https ? '__Host-corral' : 'corral',
    defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure: https, path: '/' },
  }) as const

export const createBetterAuth = ({ database, publicUrl, secret, log }: AuthOptions) =>
  betterAuth({
    appName: 'Corral',
    baseURL: publicUrl,
    basePath: AUTH_BASE,
    secret,
    trustedOrigins: [new URL(publicUrl).origin],
    database: withHashedSessions(prismaAdapter(database.authClient, { provider: 'postgresql', transaction: true })),
    user: { additionalFields: { role: { type: 'string', required: true, defaultValue: 'viewer', input: false } } },
    session: { expiresIn: SESSION_SEC, disableSessionRefresh: true, cookieCache: { enabled: false } },
    rateLimit: { enabled: true, storage: 'memory', window: 60, max: 120 },
    advanced: {
      ...cookieSettings(publicUrl.startsWith('https:')),
      // Said outright: left out, an environment variable that says "test" would turn both checks off.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: ['x-forwarded-for'] },
    },
    disabledPaths: ['/sign-in/magic-link'],
    telemetry: { enabled: false },
    logger: {
      level: 'warn',
      // Only its words: what it would log beside them may hold tokens.
      log: (level, message) =>
        level === 'error' ? log.error({}, `auth: ${message}`) : log.warn({}, `auth: ${message}`),
    },
    plugins: [
      magicLink({
        expiresIn: LINK_SEC,
        disableSignUp: true,
        storeToken: 'hashed',
        generateToken: () => randomBytes(32).toString('base64url'),
        rateLimit: { window: 60, max: 30 },
        sendMagicLink: ({ url }) => {
          const box = mailbox.getStore()
          if (box) box.url = url
        },
      }),
    ],
  })

export type BetterAuth = ReturnType<typeof createBetterAuth>
