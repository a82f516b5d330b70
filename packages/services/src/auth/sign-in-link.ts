import { CorralError } from '@corral/domain'
import { type BetterAuth, mailbox } from './better-auth.ts'

/** The first admin, made when there is none. Nobody can sign in as it but by a link from the console. */
const FIRST_ADMIN = { name: 'Admin', email: 'admin@corral.local', emailVerified: true, role: 'admin' }

const findAdmin = async (auth: BetterAuth): Promise<string | null> => {
  const { adapter } = await auth.$context
  const [admin] = await adapter.findMany<{ email: string }>({
    model: 'user',
    where: [{ field: 'role', value: 'admin' }],
    sortBy: { field: 'createdAt', direction: 'asc' },
    limit: 1,
  })
  return admin?.email ?? null
}

const ensureAdmin = async (auth: BetterAuth): Promise<string> => {
  const found = await findAdmin(auth)
  if (found !== null) return found
  try {
    const { internalAdapter } = await auth.$context
    return (await internalAdapter.createUser(FIRST_ADMIN, { method: 'magic-link' })).email
  } catch (error) {
    // Another process made it in between.
    const made = await findAdmin(auth)
    if (made !== null) return made
    throw error
  }
}

/** A one-time link for the first admin. Only its hash is stored. */
export const makeSignInLink = async (auth: BetterAuth): Promise<string> => {
  const email = await ensureAdmin(auth)
  const box: { url: string | null } = { url: null }
  await mailbox.run(box, () =>
    auth.api.signInMagicLink({
      body: { email, callbackURL: '/', errorCallbackURL: '/sign-in' },
      headers: new Headers(),
    }),
  )
  if (box.url === null) throw new CorralError('internal', 'no sign-in link was made')
  return box.url
}
