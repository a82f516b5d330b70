import type { CSSProperties, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconName } from './icon.tsx'

/** A framed part of a page: one heading, something quiet at the right end, a body. */
export const Card = ({
  title,
  end,
  className,
  children,
}: {
  title?: ReactNode
  end?: ReactNode
  className?: string
  children: ReactNode
}) => (
  <section className={cx('card', className)}>
    {(title || end) && (
      <header>
        {title && <h2>{title}</h2>}
        {end && <span className="end">{end}</span>}
      </header>
    )}
    {children}
  </section>
)

/** One thing the whole page should know, under the head; never more than one at a time. */
export const Banner = ({
  tone = 'plain',
  icon,
  title,
  children,
  end,
}: {
  tone?: 'plain' | 'ice' | 'warn' | 'danger'
  icon: ReactNode | IconName
  title: ReactNode
  /** What it means and what still works. */
  children?: ReactNode
  end?: ReactNode
}) => (
  <div className={cx('banner', tone !== 'plain' && tone)} role="status">
    {typeof icon === 'string' ? <Icon name={icon as IconName} /> : icon}
    <div className="min-w-0">
      <p className="font-medium">{title}</p>
      {children && <p className="sub">{children}</p>}
    </div>
    {end && <span className="end">{end}</span>}
  </div>
)

/** Nothing here: one sentence, and one way on. */
export const Empty = ({
  icon,
  title,
  children,
  actions,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  actions?: ReactNode
}) => (
  <div className="empty">
    {icon}
    <h2>{title}</h2>
    {children}
    {actions && <div className="do">{actions}</div>}
  </div>
)

/** A grey shape of the final size; numbers in pixels or any CSS length. */
export const Skeleton = ({
  width,
  height,
  className,
}: {
  width: number | string
  height: number | string
  className?: string
}) => <span className={cx('sk', className)} style={{ width, height } satisfies CSSProperties} />
