'use client'
import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from 'react'
import { DEFAULT_LEASE_SEC } from '../../client/index.ts'
import { Button, Icon, Popover, PopoverClose } from '../../ui/index.ts'
import { LEASES, type Lease, leaseText } from './words.ts'

interface FreezeChoicesProps {
  readonly name: string
  readonly hostName: string
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** Why nothing can be chosen now, or null. */
  readonly off: string | null
  readonly onFreeze: (leaseSec: number | null, reason: string) => void
}

/** Longest reason that the protocol carries. */
const LONGEST_REASON = 500

/** How long to freeze, and why: a lease is always chosen, the reason is kept with it. */
export const FreezeChoices = ({ name, hostName, open, onOpenChange, off, onFreeze }: FreezeChoicesProps) => {
  const [leaseSec, setLeaseSec] = useState<Lease>(DEFAULT_LEASE_SEC)
  const [reason, setReason] = useState('')
  const reasonId = useId()

  const submit = (event: FormEvent) => {
    event.preventDefault()
    onOpenChange(false)
    setReason('')
    onFreeze(leaseSec, reason)
  }

  const trigger = (
    <Button kind="primary" offBecause={off} aria-label="Choose how long, and say why">
      <Icon name="down" size="xs" />
    </Button>
  )
  if (off !== null) return trigger
  return (
    <Popover trigger={trigger} label={`Freeze ${name}`} open={open} onOpenChange={onOpenChange}>
      <header>
        <Icon name="snow" />
        <span className="min-w-0 truncate">
          Freeze <bdi>{name}</bdi>
        </span>
      </header>
      <form className="freeze-form" onSubmit={submit}>
        <div className="in">
          <LeaseRadios value={leaseSec} onChange={setLeaseSec} />
          <div className="grid gap-1.5">
            <label className="text-small font-medium text-ink-2" htmlFor={reasonId}>
              Why <span className="font-normal text-ink-3">(kept with it; everyone sees it)</span>
            </label>
            <span className="input">
              <input
                id={reasonId}
                value={reason}
                maxLength={LONGEST_REASON}
                autoComplete="off"
                onChange={(event) => setReason(event.target.value)}
              />
            </span>
          </div>
          <ul className="consequences">
            <li>
              <Icon name="check" size="s" />
              Every process stops at once; memory stays
            </li>
            <li>
              <Icon name="undo" size="s" />
              {leaseSec === null
                ? 'Nothing thaws it by itself: you have to'
                : `${hostName} thaws it after ${leaseText(leaseSec)}, even without this dashboard`}
            </li>
          </ul>
        </div>
        <footer>
          <span className="end">
            <PopoverClose asChild>
              <Button>Cancel</Button>
            </PopoverClose>
            <Button kind="primary" type="submit" cap="↵">
              Freeze {leaseText(leaseSec)}
            </Button>
          </span>
        </footer>
      </form>
    </Popover>
  )
}

/** One of the lengths, as radio buttons: arrows move and choose. */
const LeaseRadios = ({ value, onChange }: { value: Lease; onChange: (lease: Lease) => void }) => {
  const group = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = (LEASES.indexOf(value) + step + LEASES.length) % LEASES.length
    onChange(LEASES[next] ?? null)
    group.current?.querySelectorAll<HTMLElement>('[role="radio"]')[next]?.focus()
  }
  return (
    <div className="choices" role="radiogroup" aria-label="For how long" ref={group} onKeyDown={onKeyDown}>
      {LEASES.map((lease) => (
        // biome-ignore lint/a11y/useSemanticElements: a button carries the design's face; the pattern is the same
        <button
          key={String(lease)}
          type="button"
          role="radio"
          aria-checked={lease === value}
          tabIndex={lease === value ? 0 : -1}
          className={lease === null ? 'whole' : undefined}
          onClick={() => onChange(lease)}
        >
          {lease === null ? 'Until I thaw' : leaseText(lease)}
        </button>
      ))}
    </div>
  )
}
