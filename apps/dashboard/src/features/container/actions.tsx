'use client'
import { useState } from 'react'
import { DEFAULT_LEASE_SEC, useConnection, useKeys, usePerson, whyNotAct } from '../../client/index.ts'
import { Button, SplitButton } from '../../ui/index.ts'
import type { FeedState } from './feed.ts'
import { FreezeChoices } from './freeze-choices.tsx'
import type { FreezeActs } from './use-freeze.tsx'
import { leaseText } from './words.ts'

/** The verbs of the page: freeze with its choices while it runs, thaw while it is frozen. */
export const Actions = ({ state, acts }: { state: FeedState; acts: FreezeActs }) => {
  const off = useWhyNot(state)
  const [choosing, setChoosing] = useState(false)
  const cold = state.state === 'frozen' || state.state === 'freezing'
  const ready = off === null && acts.pending === null
  const main = () => (cold ? acts.thaw() : acts.freeze(DEFAULT_LEASE_SEC, ''))
  useKeys({
    f: () => ready && main(),
    F: () => ready && !cold && setChoosing(true),
    Escape: acts.dismiss,
  })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own layout
    <div className="actions" role="group" aria-label="Act on this container">
      <SplitButton label={cold ? 'Thaw' : 'Freeze'}>
        <Button
          kind={cold ? 'thaw' : 'primary'}
          icon={cold ? 'play' : 'snow'}
          cap="F"
          aria-keyshortcuts="F"
          aria-busy={acts.pending !== null}
          offBecause={acts.pending === null ? off : null}
          onClick={() => ready && main()}
        >
          <span>{labelOf(cold, acts.pending)}</span>
        </Button>
        {!cold && (
          <FreezeChoices
            name={state.container?.name ?? 'this container'}
            hostName={state.host?.facts.name ?? 'its host'}
            open={choosing}
            onOpenChange={setChoosing}
            off={off}
            onFreeze={acts.freeze}
          />
        )}
      </SplitButton>
    </div>
  )
}

const labelOf = (cold: boolean, pending: FreezeActs['pending']): string => {
  if (pending === 'freeze') return 'Freezing…'
  if (pending === 'thaw') return 'Thawing…'
  return cold ? 'Thaw now' : `Freeze ${leaseText(DEFAULT_LEASE_SEC)}`
}

/** Why nothing can be done here now, in words for the button; null if it can. */
const useWhyNot = ({ container, host, gone, state }: FeedState): string | null => {
  const { role } = usePerson()
  const connection = useConnection()
  if (gone || state === 'gone') return 'It has ended: there is nothing left to freeze.'
  if (container === null) return 'It is not known yet what this is.'
  return whyNotAct({ container, host: host ?? undefined, role, connection })
}
