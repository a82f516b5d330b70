import { isContainerId } from '@corral/domain'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ContainerView } from '../../../features/container/index.ts'
import { SignedIn } from '../../../features/shell/server.ts'

export const metadata: Metadata = { title: 'Container' }

/** One container; signed-in people only. Another container is another page: nothing of the first is kept. */
const ContainerPage = async ({ params }: { params: Promise<{ id: string }> }) => {
  const { id } = await params
  if (!isContainerId(id)) notFound()
  return (
    <SignedIn>
      <ContainerView key={id} containerId={id} />
    </SignedIn>
  )
}

export default ContainerPage
