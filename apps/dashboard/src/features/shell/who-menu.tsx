'use client'
import type { ReactElement } from 'react'
import { usePerson } from '../../client/index.ts'
import { Menu, MenuItem, MenuRule } from '../../ui/index.ts'
import { toggleTheme } from './theme.ts'

const signOut = async (): Promise<void> => {
  await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).catch(() => null)
  // A full load, so that nothing of this session stays in memory.
  location.assign('/sign-in')
}

/** Who is signed in, with what belongs to them: theme, keys, sign out. */
export const WhoMenu = ({ trigger, onHelp }: { trigger: ReactElement; onHelp: () => void }) => {
  const person = usePerson()
  return (
    <Menu trigger={trigger} label="You" align="start">
      <p className="px-2 pt-1.5 pb-2">
        <span className="block font-medium">{person.name}</span>
        <span className="block text-small text-ink-3">
          {person.email}, {person.role}
        </span>
      </p>
      <MenuRule />
      <MenuItem icon="theme" onSelect={toggleTheme}>
        Light or dark
      </MenuItem>
      <MenuItem icon="help" onSelect={onHelp} end={<kbd>?</kbd>}>
        Keyboard
      </MenuItem>
      <MenuItem icon="out" onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
