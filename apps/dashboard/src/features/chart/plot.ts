import uPlot from 'uplot'
import { dateTime } from '../../ui/format.ts'
import { chartColours, onThemeChange } from './colours.ts'
import {
  bandPath,
  createBrush,
  type DrawnLine,
  paintBand,
  paintBase,
  paintEndLabels,
  paintFrozen,
  paintHeld,
  paintLonely,
  paintNewest,
} from './paint.ts'
import { nearestPoint } from './prepare.ts'
import { axisOf, pointsOf, type Reading, readChart, wantedPoints } from './reading.ts'
import { type AxisScale, axisScale } from './scale.ts'
import type { Crosshair, FrameSource } from './source.ts'
import type { ChartSpec } from './spec.ts'
import { clockTicks } from './time-text.ts'

/** One uPlot that follows a source. Owns its canvas, observers and subscriptions until `destroy`. */
export interface Plot {
  destroy(): void
}

export interface PlotOptions {
  readonly spec: ChartSpec
  readonly source: FrameSource
  readonly crosshair: Crosshair
  /** Called after each drawing and each move of the crosshair. */
  onReading(reading: Reading, axis: AxisScale): void
}

/** Room to the right of the plot for the names of the lines, in CSS pixels; less on a phone. */
const RIGHT = 80
const RIGHT_NARROW = 72
const NARROW = 420
const LEFT = 44
const AREA_ALPHA = 0.11
const PEAK_ALPHA = 0.14

export const createPlot = (target: HTMLElement, { spec, source, crosshair, onReading }: PlotOptions): Plot => {
  // Drawn in reverse: the line that the chart is about lies on top.
  const order = [...spec.lines].reverse()
  const labelled = spec.lines.length > 1
  let frame = source.frame()
  let axis = frame === null ? axisScale(spec.unit, 0, spec.parts) : axisOf(frame, spec)

  const margin = () => (target.clientWidth < NARROW ? RIGHT_NARROW : RIGHT)
  const data = (): uPlot.AlignedData => {
    const now = frame
    if (now === null) return [[], ...order.map(() => [])]
    return [[...now.times], ...order.map(({ metric }) => [...pointsOf(now, metric)])]
  }
  const brush = (plot: uPlot) => createBrush(plot, chartColours(), uPlot.pxRatio)

  const paintBelow = (plot: uPlot) => {
    const at = brush(plot)
    paintBase(at)
    if (frame === null) return
    const { times, peak } = frame
    paintFrozen(at, frame.frozen, frame.toSec)
    for (const { metric, colour, area } of order) {
      const points = pointsOf(frame, metric)
      if (area === true) paintBand(at, bandPath(at, times, null, points), at.colours[colour], AREA_ALPHA)
      const top = peak.get(metric)
      if (top !== undefined) paintBand(at, bandPath(at, times, points, top), at.colours[colour], PEAK_ALPHA)
    }
    if (spec.held !== undefined) {
      paintHeld(at, bandPath(at, times, pointsOf(frame, spec.lines[0].metric), wantedPoints(frame, spec)))
    }
  }

  const paintAbove = (plot: uPlot) => {
    const now = frame
    if (now === null) return
    const at = brush(plot)
    const lines = spec.lines.map((line): DrawnLine => ({ ...line, points: pointsOf(now, line.metric) }))
    for (const line of lines) paintLonely(at, now.times, line)
    const [first] = lines
    if (first !== undefined) paintNewest(at, now.times, first)
    if (labelled) paintEndLabels(at, lines)
  }

  const plot = new uPlot(
    {
      width: Math.max(1, target.clientWidth),
      height: spec.height,
      padding: [10, margin, 0, 0],
      legend: { show: false },
      scales: {
        x: { time: true, range: () => (frame === null ? [0, 1] : [frame.fromSec, frame.toSec]) },
        y: { range: () => [0, axis.top] },
      },
      axes: [
        {
          stroke: () => chartColours().tick,
          font: chartColours().font,
          size: 24,
          gap: 7,
          space: 76,
          grid: { show: false },
          ticks: { show: false },
          values: (_, splits, __, ___, stepSec) => [...clockTicks(splits, stepSec)],
        },
        {
          stroke: () => chartColours().tick,
          font: chartColours().font,
          size: LEFT,
          gap: 8,
          splits: () => [...axis.ticks],
          values: () => [...axis.labels],
          grid: { stroke: () => chartColours().grid, width: 1 },
          ticks: { show: false },
        },
      ],
      series: [
        {},
        ...order.map(({ colour, thin }) => ({
          stroke: () => chartColours()[colour],
          width: thin === true ? 1 : 1.5,
          alpha: thin === true ? 0.7 : 1,
          points: { show: false },
          spanGaps: false,
        })),
      ],
      cursor: {
        x: true,
        y: false,
        drag: { x: false, y: false, setScale: false },
        // Pointing goes through the page's crosshair, for mouse, finger and keys alike; uPlot listens to none of them.
        bind: {
          mousedown: () => null,
          mouseup: () => null,
          click: () => null,
          dblclick: () => null,
          mousemove: () => null,
          mouseleave: () => null,
          mouseenter: () => null,
        },
        points: {
          size: 7,
          width: 1.5,
          stroke: () => chartColours().surface,
          fill: (_, index) => chartColours()[order[index - 1]?.colour ?? 'series-1'],
        },
      },
      hooks: { drawAxes: [paintBelow], draw: [paintAbove] },
    },
    data(),
    target,
  )

  /** The moment that the crosshair stands on, written under it. */
  const when = document.createElement('span')
  when.className = 'cross-time'
  when.hidden = true
  plot.over.append(when)

  const read = () => {
    if (frame !== null) onReading(readChart(frame, spec, source, crosshair.atSec), axis)
  }

  /** Puts the crosshair at the page's moment; it stays on that moment while the window moves on. */
  const place = () => {
    const at = crosshair.atSec
    const seen = at !== null && frame !== null && at >= frame.fromSec && at <= frame.toSec
    const left = seen ? plot.valToPos(at, 'x') : -10
    plot.setCursor({ left, top: seen ? 1 : -10 }, false)
    when.hidden = !seen
    if (seen && frame !== null) {
      const text = dateTime(frame.times[nearestPoint(frame, at)] ?? at, frame.toSec)
      if (when.textContent !== text) when.textContent = text
      const half = when.offsetWidth / 2
      const centre = Math.max(half - LEFT, Math.min(plot.over.clientWidth + margin() - half, left))
      when.style.transform = `translateX(${Math.round(centre - half)}px)`
    }
    read()
  }

  const refresh = () => {
    frame = source.frame()
    if (frame === null) return
    axis = axisOf(frame, spec)
    plot.batch(() => plot.setData(data()))
    place()
  }

  const resize = new ResizeObserver(() => {
    const width = target.clientWidth
    if (width === 0 || width === plot.width) return
    plot.batch(() => plot.setSize({ width, height: spec.height }))
    place()
  })
  resize.observe(target)

  const point = (event: PointerEvent) => {
    if (frame === null) return
    const box = plot.over.getBoundingClientRect()
    const left = Math.max(0, Math.min(box.width, event.clientX - box.left))
    crosshair.point(plot.posToVal(left, 'x'))
  }
  const leave = () => crosshair.point(null)
  plot.over.addEventListener('pointermove', point)
  plot.over.addEventListener('pointerdown', point)
  plot.over.addEventListener('pointerleave', leave)
  plot.over.addEventListener('pointercancel', leave)

  const stops = [
    source.subscribe(refresh),
    crosshair.subscribe(place),
    onThemeChange(() => plot.batch(() => plot.redraw(false, true))),
    () => resize.disconnect(),
  ]
  read()

  return {
    destroy() {
      for (const stop of stops) stop()
      plot.destroy()
    },
  }
}
