'use client'
import { Toast as Radix } from 'radix-ui'
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

export interface ToastInput {
  /** What happened, in one line. */
  readonly title: ReactNode
  /** How long it took, where, or what to do about it. */
  readonly detail?: ReactNode
  readonly icon?: IconName
  readonly tone?: 'plain' | 'ice' | 'warn' | 'danger'
  /** One way back or on; the toast closes with it. */
  readonly action?: {
    readonly label: string
    readonly icon?: IconName
    readonly cap?: string
    readonly run: () => void
  }
}

interface Shown extends ToastInput {
  readonly id: number
}

const ToastContext = createContext<((input: ToastInput) => void) | null>(null)

/** Shows a toast for 6 s (it waits under the pointer). Never the only place where something is said. */
export const useToast = (): ((input: ToastInput) => void) => {
  const show = use(ToastContext)
  if (show === null) throw new Error('useToast needs a ToastProvider above it')
  return show
}

/** At most this many at once; older ones leave first. */
const MOST_TOASTS = 4
let nextId = 1

const TONE_CLASS = {
  plain: 'text-ink-2',
  ice: 'text-ice-ink',
  warn: 'text-warn-ink',
  danger: 'text-danger-ink',
} as const

const ToastItem = ({ toast, close }: { toast: Shown; close: (id: number) => void }) => {
  const { action } = toast
  return (
    <Radix.Root className="toast" onOpenChange={(open) => !open && close(toast.id)}>
      <Icon name={toast.icon ?? 'check'} className={TONE_CLASS[toast.tone ?? 'plain']} />
      <div className="min-w-0">
        <Radix.Title>{toast.title}</Radix.Title>
        {toast.detail && <Radix.Description className="sub">{toast.detail}</Radix.Description>}
      </div>
      {action ? (
        <Radix.Action asChild altText={action.label}>
          <Button
            small
            {...(action.icon === undefined ? {} : { icon: action.icon })}
            {...(action.cap === undefined ? {} : { cap: action.cap })}
            onClick={action.run}
          >
            {action.label}
          </Button>
        </Radix.Action>
      ) : (
        <Radix.Close asChild>
          <IconButton icon="x" label="Dismiss" small />
        </Radix.Close>
      )}
    </Radix.Root>
  )
}

export const ToastProvider = ({ children }: { children: ReactNode }) => {
  const [toasts, setToasts] = useState<readonly Shown[]>([])
  const show = useCallback((input: ToastInput) => {
    const shown: Shown = { ...input, id: nextId++ }
    setToasts((current) => [...current, shown].slice(-MOST_TOASTS))
  }, [])
  const close = useCallback((id: number) => setToasts((current) => current.filter((toast) => toast.id !== id)), [])
  const items = useMemo(
    () => toasts.map((toast) => <ToastItem key={toast.id} toast={toast} close={close} />),
    [toasts, close],
  )
  return (
    <ToastContext value={show}>
      <Radix.Provider duration={6000} swipeDirection="right">
        {children}
        {items}
        <Radix.Viewport className="toasts" />
      </Radix.Provider>
    </ToastContext>
  )
}
