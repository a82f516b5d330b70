import type { Metadata } from 'next'
import { FleetPage } from '../features/fleet/index.ts'
import { SignedIn } from '../features/shell/server.ts'

export const metadata: Metadata = { title: 'Fleet' }

const Page = () => (
  <SignedIn>
    <FleetPage />
  </SignedIn>
)

export default Page
