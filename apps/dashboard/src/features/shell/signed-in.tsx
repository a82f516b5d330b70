import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { PersonProvider } from '../../client/session.tsx'
import { currentSession } from '../../server/session.ts'
import { Shell } from './shell.tsx'

/** A page for people who are signed in, inside the shell. Everyone else is led to sign-in and sees nothing of it. */
export const SignedIn = async ({ children }: { children: ReactNode }) => {
  const session = await currentSession()
  if (session === null) redirect('/sign-in')
  return (
    <PersonProvider person={{ name: session.name, email: session.email, role: session.role }}>
      <Shell>{children}</Shell>
    </PersonProvider>
  )
}
