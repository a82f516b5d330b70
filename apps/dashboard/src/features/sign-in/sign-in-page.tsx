import { ERRORS } from '@corral/domain'
import { Banner, Icon, Mark } from '../../ui/index.ts'

/** What went wrong with a link, by the code that sign-in puts into the address; null for none. */
const linkProblem = (error: string | undefined): { readonly title: string; readonly hint: string } | null => {
  if (error === undefined) return null
  switch (error.toUpperCase()) {
    case 'INVALID_TOKEN':
    case 'EXPIRED_TOKEN':
    case 'ATTEMPTS_EXCEEDED':
      return {
        title: 'This link was used already, or is too old',
        hint: 'A link signs in once. Print a new one below.',
      }
    case 'DATABASE-DOWN':
      return { title: ERRORS['database-down'].title, hint: 'Bring Postgres back, then open the link again.' }
    default:
      return { title: 'That link did not sign you in', hint: 'Print a new one below.' }
  }
}

/** `/sign-in`: how to get in. There is no password to lose: the machine that runs Corral prints a one-time link. */
export const SignInPage = ({ error }: { error: string | undefined }) => {
  const problem = linkProblem(error)
  return (
    <main className="grid min-h-dvh place-items-center bg-canvas p-4">
      <div className="grid w-full max-w-[440px] gap-4">
        <div className="flex items-center gap-2.5 text-lead font-strong tracking-title">
          <Mark size={26} />
          Corral
        </div>
        <section className="card grid gap-4 p-6">
          <div className="grid gap-1.5">
            <h1 className="text-title font-strong tracking-title">Sign in</h1>
            <p className="text-ink-2">Open the one-time link that Corral printed when it started.</p>
          </div>
          {problem && (
            <Banner icon="warn" tone="warn" title={problem.title}>
              {problem.hint}
            </Banner>
          )}
          <div className="grid gap-2">
            <p className="text-small text-ink-2">No link at hand? On the machine that runs Corral:</p>
            <div className="code">
              <code>npm start -- --sign-in-link</code>
            </div>
          </div>
          <p className="flex gap-2 text-small text-ink-3">
            <Icon name="lock" size="s" className="mt-px" />
            Whoever can run that command already owns the machine, so no password is kept anywhere.
          </p>
        </section>
      </div>
    </main>
  )
}
