import type uPlot from 'uplot'
import { type ChartColours, hatch, type SeriesColour } from './colours.ts'
import type { Interval } from './frozen.ts'
import { placeLabels } from './place-labels.ts'
import { lonelyPoints, newestPoint, type Points } from './prepare.ts'

/** What Corral draws on a plot besides its lines. All in canvas pixels; `ratio` is canvas pixels per CSS pixel. */

export interface Brush {
  readonly plot: uPlot
  readonly ctx: CanvasRenderingContext2D
  readonly colours: ChartColours
  readonly ratio: number
  x(sec: number): number
  y(value: number): number
}

export const createBrush = (plot: uPlot, colours: ChartColours, ratio: number): Brush => ({
  plot,
  ctx: plot.ctx,
  colours,
  ratio,
  x: (sec) => plot.valToPos(sec, 'x', true),
  y: (value) => plot.valToPos(value, 'y', true),
})

/** Draws inside the plotting area only, and leaves the canvas as it was. */
const clipped = ({ ctx, plot: { bbox } }: Brush, draw: () => void): void => {
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  draw()
  ctx.restore()
}

/** The line that values stand on. */
export const paintBase = ({ ctx, plot: { bbox }, colours, ratio }: Brush): void => {
  const y = Math.round(bbox.top + bbox.height) - 0.5 * ratio
  ctx.save()
  ctx.strokeStyle = colours.base
  ctx.lineWidth = ratio
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.restore()
}

/** Frozen: an ice band with a hatched top edge; its sides are drawn where the freeze began and ended. */
export const paintFrozen = (brush: Brush, intervals: readonly Interval[], untilSec: number): void => {
  const { ctx, colours, ratio } = brush
  const { left, top, width, height } = brush.plot.bbox
  clipped(brush, () => {
    for (const { fromSec, toSec } of intervals) {
      const from = Math.max(left, Math.round(brush.x(fromSec)))
      const to = toSec >= untilSec ? left + width : Math.round(brush.x(toSec))
      const wide = Math.max(to - from, 2 * ratio)
      ctx.fillStyle = colours.iceFill
      ctx.fillRect(from, top, wide, height)
      ctx.fillStyle = hatch(ctx, colours.iceHatch, 1, ratio)
      ctx.fillRect(from, top, wide, 5 * ratio)
      ctx.fillStyle = colours.ice
      if (from > left) ctx.fillRect(from, top, ratio, height)
      if (toSec < untilSec) ctx.fillRect(from + wide - ratio, top, ratio, height)
    }
  })
}

/** The area between two rows of points, cut where either is missing. `lower` null: from zero. */
export const bandPath = (brush: Brush, times: readonly number[], lower: Points | null, upper: Points): Path2D => {
  const path = new Path2D()
  const zero = brush.y(0)
  let from = -1
  const close = (to: number) => {
    if (from < 0) return
    path.moveTo(brush.x(times[from] ?? 0), brush.y(upper[from] ?? 0))
    for (let i = from + 1; i < to; i++) path.lineTo(brush.x(times[i] ?? 0), brush.y(upper[i] ?? 0))
    for (let i = to - 1; i >= from; i--) {
      path.lineTo(brush.x(times[i] ?? 0), lower === null ? zero : brush.y(lower[i] ?? 0))
    }
    path.closePath()
    from = -1
  }
  for (let i = 0; i < upper.length; i++) {
    const there = upper[i] !== null && (lower === null || (lower[i] ?? null) !== null)
    if (there && from < 0) from = i
    if (!there) close(i)
  }
  close(upper.length)
  return path
}

export const paintBand = (brush: Brush, path: Path2D, colour: string, alpha: number): void =>
  clipped(brush, () => {
    brush.ctx.globalAlpha = alpha
    brush.ctx.fillStyle = colour
    brush.ctx.fill(path)
  })

/** Held back: an amber hatch from what was used up to what would have been. */
export const paintHeld = (brush: Brush, path: Path2D): void =>
  clipped(brush, () => {
    brush.ctx.fillStyle = brush.colours.warnFill
    brush.ctx.fill(path)
    brush.ctx.fillStyle = hatch(brush.ctx, brush.colours.warnHatch, -1, brush.ratio)
    brush.ctx.fill(path)
  })

const dot = ({ ctx }: Brush, x: number, y: number, radius: number): void => {
  ctx.beginPath()
  ctx.arc(x, y, radius, 0, 2 * Math.PI)
  ctx.fill()
}

export interface DrawnLine {
  readonly label: string
  readonly colour: SeriesColour
  readonly points: Points
}

/** Single points between two gaps, which a line cannot show. */
export const paintLonely = (brush: Brush, times: readonly number[], { colour, points }: DrawnLine): void =>
  clipped(brush, () => {
    brush.ctx.fillStyle = brush.colours[colour]
    for (const i of lonelyPoints(points)) {
      dot(brush, brush.x(times[i] ?? 0), brush.y(points[i] ?? 0), 1.25 * brush.ratio)
    }
  })

/** A dot on the newest point, ringed by the surface. */
export const paintNewest = (brush: Brush, times: readonly number[], { colour, points }: DrawnLine): void => {
  const newest = newestPoint(points)
  if (newest < 0) return
  const { ctx, colours, ratio } = brush
  const x = brush.x(times[newest] ?? 0)
  const y = brush.y(points[newest] ?? 0)
  ctx.save()
  ctx.fillStyle = colours.surface
  dot(brush, x, y, 4.25 * ratio)
  ctx.fillStyle = colours[colour]
  dot(brush, x, y, 2.75 * ratio)
  ctx.restore()
}

/** Distance from the plot to a label, and from one label to the next, in CSS pixels. */
const LABEL_GAP = 8
const LABEL_LINE = 13

/** Each line's name in the right margin, at the height of its newest point. */
export const paintEndLabels = (brush: Brush, lines: readonly DrawnLine[]): void => {
  const { ctx, colours, ratio } = brush
  const { left, top, width, height } = brush.plot.bbox
  const named = lines.flatMap((line) => {
    const newest = newestPoint(line.points)
    return newest < 0 ? [] : [{ ...line, y: brush.y(line.points[newest] ?? 0) }]
  })
  const placed = placeLabels(
    named.map(({ y }) => y),
    LABEL_LINE * ratio,
    { top: top + 4 * ratio, bottom: top + height },
  )
  ctx.save()
  ctx.font = scaleFont(colours.font, ratio)
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  for (const [index, { label, colour }] of named.entries()) {
    ctx.fillStyle = colours[colour]
    ctx.fillText(label, left + width + LABEL_GAP * ratio, placed[index] ?? 0)
  }
  ctx.restore()
}

/** The same font in canvas pixels. */
const scaleFont = (font: string, ratio: number): string =>
  font.replace(/^([\d.]+)px/, (_, size: string) => `${Number(size) * ratio}px`)
