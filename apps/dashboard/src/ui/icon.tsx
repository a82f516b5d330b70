import { cx } from './cx.ts'

/** Corral's own glyphs on a 16 px grid: stroke only, so that they take the colour of the text beside them. */
const GLYPHS = {
  snow: 'M8 8V1.8M6.2 2.9 8 4.6l1.8-1.7M8 8l5.37-3.1M11.52 3.89l.57 2.41 2.36-.69M8 8l5.37 3.1M13.32 9.01l-2.36.69.57 2.41M8 8v6.2M9.8 13.1 8 11.4l-1.8 1.7M8 8l-5.37 3.1M4.48 12.11l-.57-2.41-2.36.69M8 8 2.63 4.9M2.68 6.99l2.36-.69-.57-2.41',
  cap: 'M2.5 3h11M8 13.2V6.4M5.2 9 8 6.2 10.8 9',
  kill: 'M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4zM6 6l4 4M10 6l-4 4',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  search: 'M7 2.7a4.3 4.3 0 1 0 0 8.6 4.3 4.3 0 0 0 0-8.6M10.3 10.3l3.4 3.4',
  fleet: 'M2.8 2.8h3v3h-3zM10.2 2.8h3v3h-3zM2.8 10.2h3v3h-3zM10.2 10.2h3v3h-3z',
  clock: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2M8 4.8V8l2.2 1.4',
  host: 'M3.2 2.8h9.6A1.2 1.2 0 0 1 14 4v2a1.2 1.2 0 0 1-1.2 1.2H3.2A1.2 1.2 0 0 1 2 6V4a1.2 1.2 0 0 1 1.2-1.2M3.2 8.8h9.6A1.2 1.2 0 0 1 14 10v2a1.2 1.2 0 0 1-1.2 1.2H3.2A1.2 1.2 0 0 1 2 12v-2a1.2 1.2 0 0 1 1.2-1.2M4.6 5h.01M4.6 11h.01',
  down: 'm4.2 6.2 3.8 3.7 3.8-3.7',
  right: 'm6.2 4.2 3.7 3.8-3.7 3.8',
  left: 'M9.8 4.2 6.1 8l3.7 3.8',
  check: 'm3.2 8.4 3.3 3.3 6.3-7',
  x: 'm4.2 4.2 7.6 7.6M11.8 4.2l-7.6 7.6',
  plus: 'M8 3.2v9.6M3.2 8h9.6',
  lock: 'M5 7h6a1.6 1.6 0 0 1 1.6 1.6v3.2a1.6 1.6 0 0 1-1.6 1.6H5a1.6 1.6 0 0 1-1.6-1.6V8.6A1.6 1.6 0 0 1 5 7M5.4 7V5.1a2.6 2.6 0 0 1 5.2 0V7',
  warn: 'M8 2.6 14.3 13.4H1.7zM8 6.6v3.2M8 11.6h.01',
  gauge: 'M2.6 11.8a5.8 5.8 0 1 1 10.8 0M8 10.4l2.7-3.6',
  again: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.4v2.8h-2.8',
  undo: 'M5.6 3.2 2.8 6l2.8 2.8M3 6h6.4a3.7 3.7 0 0 1 0 7.4H6',
  copy: 'M7 5.4h4.8a1.6 1.6 0 0 1 1.6 1.6v4.8a1.6 1.6 0 0 1-1.6 1.6H7a1.6 1.6 0 0 1-1.6-1.6V7A1.6 1.6 0 0 1 7 5.4M10.6 3.2a1 1 0 0 0-1-.6H4A1.4 1.4 0 0 0 2.6 4v5.6c0 .5.3.9.7 1',
  play: 'M4.8 3.2v9.6L12.6 8z',
  theme: 'M8 2.4a5.6 5.6 0 1 0 0 11.2A5.6 5.6 0 0 0 8 2.4M8 2.4v11.2M10 3.2v9.6M12 4.4v7.2',
  help: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2M6.3 6.3a1.8 1.8 0 1 1 2.5 1.8c-.5.2-.8.6-.8 1.1M8 11.2h.01',
  user: 'M8 2.7a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4M2.8 13.6a5.2 5.2 0 0 1 10.4 0',
  key: 'M5.2 8.1a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4M7.2 8.8l6-6M10.6 5.4l2 2',
  db: 'M8 2.1c2.8 0 5 .9 5 1.9s-2.2 1.9-5 1.9S3 5 3 4s2.2-1.9 5-1.9M3 4v8c0 1 2.2 1.9 5 1.9s5-.9 5-1.9V4M3 8c0 1 2.2 1.9 5 1.9S13 9 13 8',
  unplug:
    'm2.5 13.5 2-2M9.2 11l-1.6 1.6a2.2 2.2 0 0 1-3.1 0l-1.1-1.1a2.2 2.2 0 0 1 0-3.1L5 6.8zM6.8 5l1.6-1.6a2.2 2.2 0 0 1 3.1 0l1.1 1.1a2.2 2.2 0 0 1 0 3.1L11 9.2zM13.5 2.5l-1.6 1.6M7 9.2l1-1',
  link: 'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.7.7M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.7-.7',
  sort: 'M8 3.4v9.2M4.6 9.2 8 12.6l3.4-3.4',
  out: 'M6.4 2.8H3.6a.8.8 0 0 0-.8.8v8.8c0 .4.4.8.8.8h2.8M6.6 8h6.8M10.8 5.2 13.6 8l-2.8 2.8',
} as const

export type IconName = keyof typeof GLYPHS
export type IconSize = 'm' | 's' | 'xs'

const SIZES: Readonly<Record<IconSize, { readonly px: number; readonly stroke: number }>> = {
  m: { px: 16, stroke: 1.4 },
  s: { px: 14, stroke: 1.5 },
  xs: { px: 12, stroke: 1.7 },
}

/** A glyph beside a word. It says nothing to a screen reader: the word does. */
export const Icon = ({
  name,
  size = 'm',
  className,
}: {
  name: IconName
  size?: IconSize
  className?: string | undefined
}) => {
  const { px, stroke } = SIZES[size]
  return (
    <svg
      className={cx('i', className)}
      viewBox="0 0 16 16"
      width={px}
      height={px}
      strokeWidth={name === 'more' ? 2.2 : stroke}
      aria-hidden="true"
    >
      <path d={GLYPHS[name]} />
    </svg>
  )
}

/** Corral's mark: a fence with one thing inside. */
export const Mark = ({ size = 20, className }: { size?: number; className?: string | undefined }) => (
  <svg className={className} viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
    <path
      d="M15.6 7.2V6a2.6 2.6 0 0 0-2.6-2.6H6A2.6 2.6 0 0 0 3.4 6v8A2.6 2.6 0 0 0 6 16.6h7a2.6 2.6 0 0 0 2.6-2.6v-1.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    />
    <rect x="7.3" y="7.6" width="4.8" height="4.8" rx="1.3" fill="var(--color-accent)" />
  </svg>
)
