'use client'
import { Button, Empty, Icon } from '../ui/index.ts'

/** A page that could not be drawn: one sentence, what to do, and the id that the log knows. Never a stack. */
const ErrorPage = ({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) => (
  <main className="grid min-h-dvh place-items-center">
    <Empty
      icon={<Icon name="warn" className="text-ink-3" />}
      title="This page could not be drawn"
      actions={
        <Button icon="again" onClick={reset}>
          Try again
        </Button>
      }
    >
      <p>If it stays, look at the dashboard’s log and whether its database can be reached.</p>
      {error.digest && <p className="mono text-ink-3">{error.digest}</p>}
    </Empty>
  </main>
)

export default ErrorPage
