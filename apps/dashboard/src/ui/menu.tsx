'use client'
import { DropdownMenu } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

/** A menu of verbs or choices behind a button. */
export const Menu = ({
  trigger,
  label,
  align = 'end',
  children,
}: {
  trigger: ReactElement
  label: string
  align?: 'start' | 'end'
  children: ReactNode
}) => (
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content className="menu" aria-label={label} align={align} sideOffset={6} collisionPadding={8}>
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
)

export const MenuItem = ({
  icon,
  onSelect,
  end,
  off = false,
  children,
}: {
  icon?: IconName
  onSelect: () => void
  /** Right side: a key, or what the choice means. */
  end?: ReactNode
  off?: boolean
  children: ReactNode
}) => (
  <DropdownMenu.Item onSelect={onSelect} disabled={off}>
    {icon && <Icon name={icon} size="s" />}
    {children}
    {end && <span className="end">{end}</span>}
  </DropdownMenu.Item>
)

export const MenuRule = () => <hr />
