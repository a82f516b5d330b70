'use client'
import { Tooltip as Radix } from 'radix-ui'
import type { ReactElement } from 'react'

/** Says what a control does, or why it is off, on hover and on focus. Wraps one focusable element. */
export const Tooltip = ({ text, children }: { text: string; children: ReactElement }) => (
  <Radix.Root>
    <Radix.Trigger asChild>{children}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content className="tip" sideOffset={6} collisionPadding={8}>
        {text}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)

export const TooltipProvider = Radix.Provider
