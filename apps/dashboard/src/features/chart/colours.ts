/**
 * Colours for canvas. A canvas cannot read `light-dark()` or custom properties, so probe elements resolve the tokens,
 * once per theme change for all charts together.
 */

const TOKENS = {
  'series-1': 'var(--color-series-1)',
  'series-2': 'var(--color-series-2)',
  'series-3': 'var(--color-series-3)',
  'series-4': 'var(--color-series-4)',
  'series-5': 'var(--color-series-5)',
  surface: 'var(--color-surface)',
  grid: 'var(--color-grid)',
  base: 'var(--color-line-2)',
  tick: 'var(--color-ink-3)',
  ice: 'var(--color-ice)',
  iceFill: 'color-mix(in srgb, var(--color-ice) 13%, transparent)',
  iceHatch: 'color-mix(in srgb, var(--color-ice) 55%, transparent)',
  warnFill: 'color-mix(in srgb, var(--color-warn) 10%, transparent)',
  warnHatch: 'color-mix(in srgb, var(--color-warn) 50%, transparent)',
} as const

export type SeriesColour = Extract<keyof typeof TOKENS, `series-${number}`>

export interface ChartColours extends Readonly<Record<keyof typeof TOKENS, string>> {
  /** Font of axis ticks and labels, as canvas wants it. */
  readonly font: string
}

const entries = Object.entries(TOKENS) as readonly (readonly [keyof typeof TOKENS, string])[]

const resolveColours = (): ChartColours => {
  const host = document.createElement('div')
  host.hidden = true
  const probes = entries.map(([key, value]) => {
    const probe = document.createElement('span')
    probe.style.color = value
    host.append(probe)
    return [key, probe] as const
  })
  document.body.append(host)
  const resolved = Object.fromEntries(probes.map(([key, probe]) => [key, getComputedStyle(probe).color]))
  host.remove()
  const font = `11px ${getComputedStyle(document.body).fontFamily}`
  return { ...(resolved as Record<keyof typeof TOKENS, string>), font }
}

let current: ChartColours | null = null
const listeners = new Set<() => void>()
let watching: { stop(): void } | null = null

const watchTheme = (): { stop(): void } => {
  const changed = () => {
    current = null
    for (const listener of listeners) listener()
  }
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'data-scheme', 'class'],
  })
  const dark = matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', changed)
  // Ticks measured before the web font came would keep the fallback's widths.
  document.fonts.addEventListener('loadingdone', changed)
  return {
    stop() {
      observer.disconnect()
      dark.removeEventListener('change', changed)
      document.fonts.removeEventListener('loadingdone', changed)
    },
  }
}

/** The colours of the theme that is on. */
export const chartColours = (): ChartColours => {
  current ??= resolveColours()
  return current
}

/** Calls `listener` after each change of theme, until the returned function is called. */
export const onThemeChange = (listener: () => void): (() => void) => {
  listeners.add(listener)
  watching ??= watchTheme()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    watching?.stop()
    watching = null
    current = null
  }
}

const patterns = new Map<string, CanvasPattern>()
const PATTERNS_KEPT = 16

/**
 * A hatch of 45° strokes, 2 px wide and 5 px apart. `lean`: 1 rises to the right, −1 to the left.
 * `ratio`: canvas pixels per CSS pixel.
 */
export const hatch = (
  ctx: CanvasRenderingContext2D,
  colour: string,
  lean: 1 | -1,
  ratio: number,
): CanvasPattern | string => {
  const key = `${colour} ${lean} ${ratio}`
  const known = patterns.get(key)
  if (known !== undefined) return known
  const size = Math.max(4, Math.round(7 * ratio))
  const tile = document.createElement('canvas')
  tile.width = size
  tile.height = size
  const brush = tile.getContext('2d')
  if (brush === null) return colour
  brush.strokeStyle = colour
  brush.lineWidth = 1.75 * ratio
  brush.beginPath()
  for (const shift of [-size, 0, size]) {
    brush.moveTo(shift - 1, lean === 1 ? size + 1 : -1)
    brush.lineTo(shift + size + 1, lean === 1 ? -1 : size + 1)
  }
  brush.stroke()
  const pattern = ctx.createPattern(tile, 'repeat')
  if (pattern === null) return colour
  if (patterns.size >= PATTERNS_KEPT) patterns.clear()
  patterns.set(key, pattern)
  return pattern
}
