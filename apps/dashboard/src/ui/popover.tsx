'use client'
import { Popover as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

export interface PopoverProps {
  readonly trigger: ReactElement
  /** Names the popover to a screen reader. */
  readonly label: string
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  readonly align?: 'start' | 'center' | 'end'
  /** `header`, `.in` and `footer` as children get the design's spacing. */
  readonly children: ReactNode
}

/** A small form beside the control it belongs to. */
export const Popover = ({ trigger, label, open, onOpenChange, align = 'end', children }: PopoverProps) => (
  <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange === undefined ? {} : { onOpenChange })}>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content className="pop" aria-label={label} align={align} sideOffset={6} collisionPadding={12}>
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)

export const PopoverClose = Radix.Close
