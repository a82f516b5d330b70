'use client'
import { Dialog as Radix } from 'radix-ui'
import type { CSSProperties, ReactNode } from 'react'
import { Icon } from './icon.tsx'

export interface DialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: ReactNode
  /** Said to screen readers after the title; also shown where `children` do not say it. */
  readonly description?: string
  /** Width in pixels; narrower screens shrink it. */
  readonly width?: number
  /** `.in` and `footer` as children get the design's spacing. */
  readonly children: ReactNode
}

/** A dialog in the middle of the page, with the focus inside until it closes. */
export const Dialog = ({ open, onOpenChange, title, description, width = 460, children }: DialogProps) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="scrim" />
      <Radix.Content
        className="dialog"
        style={{ '--dialog-width': `${width}px` } as CSSProperties}
        {...(description === undefined ? { 'aria-describedby': undefined } : {})}
      >
        <header>
          <Radix.Title>{title}</Radix.Title>
        </header>
        {description !== undefined && <Radix.Description className="sr-only">{description}</Radix.Description>}
        {children}
        {/* Last, so that the first field has the focus. */}
        <Radix.Close className="btn quiet icon small close" aria-label="Close">
          <Icon name="x" size="s" />
        </Radix.Close>
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)
