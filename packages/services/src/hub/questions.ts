import { CorralError } from '@corral/domain'
import type { Answer } from '@corral/protocol'

/** Questions to one host that wait for their answer. An answer is taken on any of that host's connections. */
export interface Questions {
  /**
   * Waits for the answer to `requestId`. Rejects with `no-answer` after `withinMs`. If `late` is given, the question
   * stays open for `late.withinMs` more, and `late.settle` then gets the answer, or null if none came.
   */
  ask<K extends Answer['kind']>(question: {
    readonly requestId: string
    readonly kind: K
    readonly withinMs: number
    readonly late?: { readonly withinMs: number; readonly settle: (answer: AnswerOf<K> | null) => void }
  }): Promise<AnswerOf<K>>
  /** Withdraws a question that was never sent. */
  withdraw(requestId: string): void
  /** Settles the question that this answers; false if no such question is open. */
  answer(answer: Answer): boolean
  /** Ends all waiting. */
  close(): void
}

export type AnswerOf<K extends Answer['kind']> = Extract<Answer, { kind: K }>

interface Open {
  readonly settle: (answer: Answer) => boolean
  readonly end: () => void
}

export const createQuestions = (): Questions => {
  const open = new Map<string, Open>()
  return {
    ask: ({ requestId, kind, withinMs, late }) => {
      type Wanted = AnswerOf<typeof kind>
      const isWanted = (answer: Answer): answer is Wanted => answer.kind === kind
      return new Promise<Wanted>((resolve, reject) => {
        let take = (answer: Wanted): void => resolve(answer)
        let lost: () => void = () => reject(new CorralError('no-answer'))
        const end = (): void => {
          clearTimeout(timer)
          open.delete(requestId)
        }
        const giveUp = (): void => {
          end()
          lost()
        }
        let timer = setTimeout(() => {
          if (!late) return giveUp()
          reject(new CorralError('no-answer'))
          take = late.settle
          lost = () => late.settle(null)
          timer = setTimeout(giveUp, late.withinMs)
        }, withinMs)
        open.set(requestId, {
          settle: (answer) => {
            if (!isWanted(answer)) return false
            end()
            take(answer)
            return true
          },
          end: giveUp,
        })
      })
    },
    withdraw: (requestId) => open.get(requestId)?.end(),
    answer: (answer) => open.get(answer.requestId)?.settle(answer) ?? false,
    close: () => {
      for (const question of [...open.values()]) question.end()
    },
  }
}
