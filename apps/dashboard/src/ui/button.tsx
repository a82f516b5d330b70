import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconName } from './icon.tsx'
import { Tooltip } from './tooltip.tsx'

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger' | 'danger-solid' | 'thaw'

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly kind?: ButtonKind
  readonly small?: boolean
  readonly icon?: IconName
  /** Key that does the same, drawn as a cap. */
  readonly cap?: string
  /** Why it cannot be used now. It stays visible and focusable, and says so. */
  readonly offBecause?: string | null | undefined
  readonly ref?: Ref<HTMLButtonElement>
  readonly children?: ReactNode
}

const classOf = (kind: ButtonKind, small: boolean): string => cx('btn', kind !== 'plain' && kind, small && 'small')

/** A button whose label is a verb. One `primary` in view at most; `danger-solid` only in the kill dialog. */
export const Button = (props: ButtonProps) => {
  const { kind = 'plain', small = false, icon, cap, offBecause = null, className, children, onClick, ...rest } = props
  const button = (
    <button
      type="button"
      {...rest}
      className={cx(classOf(kind, small), className)}
      aria-disabled={offBecause !== null ? true : rest['aria-disabled']}
      onClick={offBecause !== null ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon name={icon} size={small ? 's' : 'm'} />}
      {children}
      {cap && (
        <span className="contents" aria-hidden="true">
          <kbd>{cap}</kbd>
        </span>
      )}
    </button>
  )
  return offBecause !== null ? <Tooltip text={offBecause}>{button}</Tooltip> : button
}

export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'children' | 'cap'> {
  readonly icon: IconName
  /** What it does; read aloud, and shown on hover with its key. */
  readonly label: string
  readonly cap?: string
}

/** A button that is only a glyph; its label is its tooltip. */
export const IconButton = ({
  icon,
  label,
  cap,
  kind = 'quiet',
  small = false,
  className,
  ...rest
}: IconButtonProps) => (
  <Tooltip text={cap === undefined ? label : `${label} (${cap})`}>
    <button
      {...withoutOff(rest)}
      type="button"
      aria-label={label}
      className={cx(classOf(kind, small), 'icon', className)}
    >
      <Icon name={icon} size={small ? 's' : 'm'} />
    </button>
  </Tooltip>
)

const withoutOff = ({
  offBecause: _,
  ...rest
}: Omit<ButtonProps, 'icon' | 'children' | 'cap' | 'kind' | 'small' | 'className'>) => rest

/** The usual verb on the face and its choices behind an arrow: put a `Button` and a menu's or popover's trigger in it. */
export const SplitButton = ({ label, children }: { label: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own layout
  <span className="split" role="group" aria-label={label}>
    {children}
  </span>
)
