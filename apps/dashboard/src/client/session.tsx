'use client'
import type { Role } from '@corral/domain'
import { createContext, type ReactNode, use } from 'react'

/** Who is signed in, as the page's server component found it. */
export interface Person {
  readonly name: string
  readonly email: string
  readonly role: Role
}

const PersonContext = createContext<Person | null>(null)

export const PersonProvider = ({ person, children }: { person: Person; children: ReactNode }) => (
  <PersonContext value={person}>{children}</PersonContext>
)

export const usePerson = (): Person => {
  const person = use(PersonContext)
  if (person === null) throw new Error('usePerson needs a PersonProvider above it')
  return person
}
