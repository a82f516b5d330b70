import type { Role } from '@corral/domain'
import { authorize } from '../authorize.ts'
import type { BrowserContext } from '../context.ts'

/** Who is signed in. */
export const readSession = async (
  ctx: BrowserContext,
): Promise<{ readonly name: string; readonly email: string; readonly role: Role }> => {
  const { name, email, role } = await authorize(ctx, 'session.read', { kind: 'session' })
  return { name, email, role }
}
