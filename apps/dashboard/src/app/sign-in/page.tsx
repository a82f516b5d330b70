import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignInPage } from '../../features/sign-in/index.ts'
import { currentSession } from '../../server/session.ts'

export const metadata: Metadata = { title: 'Sign in' }

const Page = async ({ searchParams }: { searchParams: Promise<{ error?: string | string[] }> }) => {
  const { error } = await searchParams
  // A database that is away must not hide how to sign in.
  const session = await currentSession().catch(() => null)
  if (session !== null && error === undefined) redirect('/')
  return <SignInPage error={Array.isArray(error) ? error[0] : error} />
}

export default Page
