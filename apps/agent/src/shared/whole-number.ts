import { InvalidArgumentError } from 'commander'

/** Parses the id of a user, a group or a process on a command line. */
export const wholeNumber = (text: string): number => {
  if (!/^[0-9]{1,10}$/.test(text)) throw new InvalidArgumentError('not a whole number')
  return Number(text)
}
