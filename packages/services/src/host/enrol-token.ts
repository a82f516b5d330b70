import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { authorize } from '../authorize.ts'
import type { BrowserContext } from '../context.ts'
import { parse } from '../parse.ts'
import { hashToken } from './enrol.ts'

/** How long a token is good, in milliseconds. */
const TOKEN_MS = 15 * 60_000

const labelText = z.string().trim().min(1).max(63)

export const enrolTokenInput = z.strictObject({
  /** Written on the host that uses the token. */
  labels: z
    .record(labelText, z.string().max(200))
    .refine((labels) => Object.keys(labels).length <= 32, 'more than 32 labels')
    .optional(),
})

export interface EnrolToken {
  /** 256 random bits, base64url; shown once and stored as a hash. */
  readonly token: string
  /** What to type on the new host, which reads the token from its standard input. */
  readonly command: string
}

/** A token that enrols one host, once, within 15 minutes. */
export const makeEnrolToken = async (
  ctx: BrowserContext,
  input: z.input<typeof enrolTokenInput>,
): Promise<EnrolToken> => {
  const session = await authorize(ctx, 'host.enrol', { kind: 'fleet' })
  const { labels = {} } = parse(enrolTokenInput, input)
  const { services } = ctx
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(Date.now() + TOKEN_MS)
  await services.database.tokens.create({ hash: hashToken(token), createdBy: session.userId, expiresAt, labels })
  services.log.info({ userId: session.userId, expiresAt }, 'enrolment token made')
  return { token, command: commandFor(services.publicUrl) }
}

/** The token itself is in no command line: those can be read by everyone on a host, and end in histories. */
const commandFor = (publicUrl: string): string =>
  [
    'umask 077 && cat > /root/corral-token   # paste the token, then Ctrl-D',
    `corral-warden --dashboard ${publicUrl} --state-dir /var/lib/corral --token-file /root/corral-token`,
  ].join('\n')
