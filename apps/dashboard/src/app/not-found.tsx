import Link from 'next/link'
import { Empty } from '../ui/index.ts'

const NotFound = () => (
  <main className="grid min-h-dvh place-items-center">
    <Empty
      title="There is no such page"
      actions={
        <Link className="btn" href="/">
          Go to the fleet
        </Link>
      }
    >
      <p>The container may have ended, or the address was cut.</p>
    </Empty>
  </main>
)

export default NotFound
