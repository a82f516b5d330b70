'use client'
import { useCallback, useState } from 'react'
import { liveStore, type Problem, readProblem, setUndo, trpcClient, usePerson } from '../../client/index.ts'
import { took } from '../../ui/format.ts'
import { useToast } from '../../ui/index.ts'
import type { Feed } from './feed.ts'
import { leaseEnd } from './words.ts'

export type Verb = 'freeze' | 'thaw'

export interface Refused {
  readonly verb: Verb
  readonly problem: Problem
}

export interface FreezeActs {
  /** What is under way; the state changes only when the kernel has confirmed it. */
  readonly pending: Verb | null
  /** The last refusal, until it is closed or something succeeds. */
  readonly refused: Refused | null
  readonly dismiss: () => void
  /** `leaseSec` null: until someone thaws. */
  readonly freeze: (leaseSec: number | null, reason: string) => void
  readonly thaw: () => void
}

interface What {
  readonly feed: Feed
  readonly containerId: string
  readonly hostName: string
  /** Called after each act, done or refused. */
  readonly onActed: () => void
}

const processes = (count: number): string => (count === 1 ? '1 process' : `${count} processes`)

/** Freezes and thaws one container: one act at a time, each answered by what the kernel confirmed. */
export const useFreeze = ({ feed, containerId, hostName, onActed }: What): FreezeActs => {
  const toast = useToast()
  const person = usePerson()
  const [pending, setPending] = useState<Verb | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)

  const act = useCallback(
    async (verb: Verb, run: () => Promise<void>) => {
      setPending(verb)
      setUndo(null)
      try {
        await run()
        setRefused(null)
      } catch (error) {
        setRefused({ verb, problem: readProblem(error) })
      } finally {
        setPending(null)
        onActed()
      }
    },
    [onActed],
  )

  const freeze = useCallback(
    (leaseSec: number | null, reason: string) => {
      void act('freeze', async () => {
        const why = reason.trim() === '' ? null : reason.trim()
        const given = { containerId, leaseSec, ...(why === null ? {} : { reason: why }) }
        const outcome = await trpcClient().container.freeze.mutate(given)
        const { leaseId, untilSec, state } = outcome
        const lease =
          leaseId === null
            ? null
            : {
                leaseId,
                actor: person.email === '' ? person.name : person.email,
                reason: why,
                sinceSec: feed.nowSec(),
                untilSec,
              }
        feed.confirm(state, lease)
        liveStore.confirmState(containerId, state)
        const undo = () => void act('thaw', thawNow)
        setUndo(undo)
        toast({
          icon: 'snow',
          tone: 'ice',
          title: `Frozen in ${took(outcome.tookUsec)}`,
          detail: `${processes(outcome.processes)} on ${hostName}. ${lease === null ? 'It stays frozen until someone thaws it.' : leaseEnd(lease, hostName, feed.nowSec())}`,
          action: { label: 'Undo', icon: 'undo', cap: 'U', run: undo },
        })
      })

      async function thawNow() {
        await thawOnce({ feed, containerId })
        toast({ icon: 'play', title: 'Thawed again', detail: `The freeze on ${hostName} was taken back.` })
      }
    },
    [act, containerId, feed, hostName, person, toast],
  )

  const thaw = useCallback(() => {
    const lease = feed.state().container?.lease ?? null
    void act('thaw', async () => {
      const outcome = await thawOnce({ feed, containerId })
      const leftSec = lease === null || lease.untilSec === null ? null : Math.floor(lease.untilSec - feed.nowSec())
      const undo =
        lease !== null && (leftSec === null || leftSec > 0) ? () => freeze(leftSec, lease.reason ?? '') : null
      setUndo(undo)
      toast({
        icon: 'play',
        title: `Thawed in ${took(outcome.tookUsec)}`,
        detail: `${processes(outcome.processes)} on ${hostName}.`,
        ...(undo === null ? {} : { action: { label: 'Undo', icon: 'undo', cap: 'U', run: undo } as const }),
      })
    })
  }, [act, containerId, feed, freeze, hostName, toast])

  const dismiss = useCallback(() => setRefused(null), [])
  return { pending, refused, dismiss, freeze, thaw }
}

const thawOnce = async ({ feed, containerId }: Pick<What, 'feed' | 'containerId'>) => {
  const outcome = await trpcClient().container.thaw.mutate({ containerId })
  feed.confirm(outcome.state, null)
  liveStore.confirmState(containerId, outcome.state)
  return outcome
}
