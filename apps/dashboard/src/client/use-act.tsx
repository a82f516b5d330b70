'use client'
import { useCallback, useMemo } from 'react'
import { duration, took } from '../ui/format.ts'
import { useToast } from '../ui/toast.tsx'
import { readProblem } from './errors.ts'
import { liveStore } from './live.ts'
import { trpcClient } from './trpc.ts'
import { setUndo } from './undo.ts'

/** How long a freeze lasts unless one chooses otherwise, in seconds. */
export const DEFAULT_LEASE_SEC = 600

export interface Acted {
  readonly containerId: string
  readonly name: string
  readonly hostName: string
}

export interface Acts {
  /** Freezes until the lease ends; null: until someone thaws. True once the kernel confirmed it. */
  freeze(what: Acted, leaseSec?: number | null, reason?: string | null): Promise<boolean>
  /** True once the kernel confirmed it. */
  thaw(what: Acted): Promise<boolean>
}

const processes = (count: number): string => (count === 1 ? '1 process' : `${count} processes`)

/** Freeze and thaw with the answer as a toast: what, how long it took, and how to undo it. */
export const useAct = (): Acts => {
  const toast = useToast()

  const refused = useCallback(
    (verb: string, what: Acted, error: unknown) => {
      const problem = readProblem(error)
      toast({
        tone: 'warn',
        icon: problem.code === 'protected-target' || problem.code === 'not-allowed' ? 'lock' : 'warn',
        title: (
          <>
            Could not {verb} <b className="font-medium">{what.name}</b>: {problem.title}
          </>
        ),
        detail: [problem.detail, problem.hint, problem.id].map(
          (line) =>
            line !== null && (
              <span key={line} className="block">
                {line}
              </span>
            ),
        ),
      })
      return false
    },
    [toast],
  )

  const thaw = useCallback(
    async (what: Acted): Promise<boolean> => {
      try {
        const outcome = await trpcClient().container.thaw.mutate({ containerId: what.containerId })
        liveStore.confirmState(what.containerId, outcome.state)
        setUndo(null)
        toast({
          icon: 'play',
          title: (
            <>
              Thawed <b className="font-medium">{what.name}</b>
            </>
          ),
          detail: `${processes(outcome.processes)} in ${took(outcome.tookUsec)} on ${what.hostName}`,
        })
        return true
      } catch (error) {
        return refused('thaw', what, error)
      }
    },
    [toast, refused],
  )

  const freeze = useCallback(
    async (what: Acted, leaseSec: number | null = DEFAULT_LEASE_SEC, reason: string | null = null) => {
      try {
        const outcome = await trpcClient().container.freeze.mutate({
          containerId: what.containerId,
          leaseSec,
          ...(reason === null || reason === '' ? {} : { reason }),
        })
        liveStore.confirmState(what.containerId, outcome.state)
        const undo = () => void thaw(what)
        setUndo(undo)
        toast({
          icon: 'snow',
          tone: 'ice',
          title: (
            <>
              Frozen <b className="font-medium">{what.name}</b>{' '}
              {leaseSec === null ? 'until thawed' : `for ${duration(leaseSec)}`}
            </>
          ),
          detail: `${processes(outcome.processes)} in ${took(outcome.tookUsec)} on ${what.hostName}`,
          action: { label: 'Undo', icon: 'undo', cap: 'U', run: undo },
        })
        return true
      } catch (error) {
        return refused('freeze', what, error)
      }
    },
    [toast, thaw, refused],
  )

  return useMemo(() => ({ freeze, thaw }), [freeze, thaw])
}
