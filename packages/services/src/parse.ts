import { CorralError } from '@corral/domain'
import { z } from 'zod'

/** The first thing wrong with an input, in words: the field and the reason, never the value. */
const firstIssue = (error: z.core.$ZodError): string => {
  const [issue] = error.issues
  if (!issue) return 'unreadable'
  const field = issue.path.map(String).join('.')
  return `${field === '' ? '' : `${field}: `}${issue.message}`.slice(0, 300)
}

/** `input` as `schema` wants it, or `bad-input` naming the field. */
export const parse = <S extends z.ZodType>(schema: S, input: z.input<S>): z.output<S> => {
  const result = schema.safeParse(input)
  if (!result.success) throw new CorralError('bad-input', firstIssue(result.error), { cause: result.error })
  return result.data
}

/** For the error map: what was wrong with an input that the door itself refused; null if that was not the reason. */
export const describeInputError = (error: unknown): string | null =>
  error instanceof z.core.$ZodError ? firstIssue(error) : null
