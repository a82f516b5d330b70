'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Problem, readProblem, trpcClient } from '../../client/index.ts'
import type { ActivityEntry } from './words.ts'

export interface Activity {
  readonly entries: readonly ActivityEntry[] | null
  readonly problem: Problem | null
  readonly refresh: () => void
}

const MOST_ENTRIES = 50

/** Who did what to one container, newest first; asked again whenever `version` changes. */
export const useActivity = (containerId: string, version: string): Activity => {
  const [answer, setAnswer] = useState<Omit<Activity, 'refresh'>>({ entries: null, problem: null })
  const turn = useRef(0)

  const refresh = useCallback(() => {
    turn.current += 1
    const mine = turn.current
    trpcClient()
      .activity.list.query({ containerId, limit: MOST_ENTRIES })
      .then(
        (entries) => mine === turn.current && setAnswer({ entries, problem: null }),
        (error: unknown) =>
          mine === turn.current && setAnswer((before) => ({ ...before, problem: readProblem(error) })),
      )
  }, [containerId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is the reason to ask again
  useEffect(refresh, [refresh, version])
  return { ...answer, refresh }
}
