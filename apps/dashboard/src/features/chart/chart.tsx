'use client'

import 'uplot/dist/uPlot.min.css'
import './chart.css'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { dateTime, MISSING, plain } from '../../ui/format.ts'
import { createPlot } from './plot.ts'
import { nearestPoint } from './prepare.ts'
import type { Reading } from './reading.ts'
import type { AxisScale } from './scale.ts'
import type { Crosshair, FrameSource } from './source.ts'
import type { ChartSpec } from './spec.ts'

interface ChartProps {
  readonly spec: ChartSpec
  readonly source: FrameSource
  readonly crosshair: Crosshair
}

/**
 * One chart of a page. React draws the frame once; the numbers in its head and the plot are written straight to the
 * document as frames arrive. It is a slider over time: ← → move the page's crosshair, Esc lets go of it.
 */
export function Chart({ spec, source, crosshair }: ChartProps) {
  const card = useRef<HTMLElement>(null)
  const plot = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (card.current === null || plot.current === null) return
    const write = headWriter(card.current, plot.current, spec, source)
    const made = createPlot(plot.current, { spec, source, crosshair, onReading: write })
    return () => made.destroy()
  }, [spec, source, crosshair])

  const onKeyDown = (event: KeyboardEvent) => {
    if (movePointer(event.key, event.shiftKey, source, crosshair)) event.preventDefault()
  }

  return (
    <section
      className="card chart"
      ref={card}
      data-chart={spec.id}
      data-points="0"
      data-latest=""
      data-frozen-intervals="0"
    >
      <header>
        <h2>
          {spec.title}
          <span className="u" data-slot="axis-unit" />
          {spec.qualifier !== undefined && <span className="u qualifier">{spec.qualifier}</span>}
        </h2>
        <ul className="keys">
          {spec.lines.map((line) => (
            <li key={line.metric}>
              {spec.lines.length > 1 && (
                <i className={line.thin === true ? 'sw thin' : 'sw'} style={{ color: `var(--color-${line.colour})` }} />
              )}
              <span className={spec.lines.length > 1 ? 'key-name' : 'sr-only'}>{line.label}</span>
              <span data-slot="value" className="num" />
            </li>
          ))}
          {spec.held !== undefined && (
            <li data-slot="held" hidden>
              <i className="sw hatch" />
              <span className="key-name">{spec.held.label}</span>
              <span data-slot="held-value" className="num" />
            </li>
          )}
        </ul>
      </header>
      <div
        className="plot"
        ref={plot}
        style={{ height: spec.height }}
        role="slider"
        tabIndex={0}
        aria-label={`${spec.title}: moment pointed at`}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={0}
        aria-valuenow={0}
        aria-valuetext="No values yet"
        onKeyDown={onKeyDown}
        onBlur={() => crosshair.point(null)}
      />
      <p className="plot-empty" data-slot="empty" hidden />
    </section>
  )
}

/** Points that ← and → pass with and without Shift. */
const STEPS = { plain: 1, shift: 15 }

const movePointer = (key: string, shift: boolean, source: FrameSource, crosshair: Crosshair): boolean => {
  const frame = source.frame()
  if (key === 'Escape' && crosshair.atSec !== null) {
    crosshair.point(null)
    return true
  }
  const last = (frame?.times.length ?? 0) - 1
  if (frame === null || last < 0) return false
  const at = crosshair.atSec === null ? last : nearestPoint(frame, crosshair.atSec)
  const step = shift ? STEPS.shift : STEPS.plain
  const next =
    key === 'ArrowLeft'
      ? at - step
      : key === 'ArrowRight'
        ? at + step
        : key === 'Home'
          ? 0
          : key === 'End'
            ? last
            : null
  if (next === null) return false
  crosshair.point(frame.times[Math.max(0, Math.min(last, next))] ?? null)
  return true
}

/** Writes a reading into a chart's head, touching only what changed. */
const headWriter = (card: HTMLElement, plot: HTMLElement, spec: ChartSpec, source: FrameSource) => {
  const axisUnit = card.querySelector('[data-slot="axis-unit"]')
  const slots = [...card.querySelectorAll('[data-slot="value"]')]
  const held = card.querySelector<HTMLElement>('[data-slot="held"]')
  const empty = card.querySelector<HTMLElement>('[data-slot="empty"]')
  const heldValue = card.querySelector('[data-slot="held-value"]')

  const set = (element: Element | null | undefined, text: string) => {
    if (element != null && element.textContent !== text) element.textContent = text
  }
  const attribute = (element: Element, name: string, value: string) => {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value)
  }

  return (reading: Reading, axis: AxisScale): void => {
    set(axisUnit, axis.unit)
    for (const [index, value] of reading.values.entries()) set(slots[index], plain(value))
    if (held !== null) held.hidden = reading.held === null
    if (reading.held !== null) set(heldValue, plain(reading.held))
    if (empty !== null) empty.hidden = reading.empty === null
    set(empty, reading.empty ?? '')
    card.toggleAttribute('data-pointed', reading.pointed)
    attribute(card, 'data-points', String(reading.points))
    attribute(card, 'data-latest', reading.latest === null ? '' : String(reading.latest))

    const frame = source.frame()
    if (frame === null) return
    attribute(card, 'data-frozen-intervals', String(frame.frozen.length))
    // A value that changed each second under the focus would be read out each second.
    if (document.activeElement === plot && !reading.pointed && plot.hasAttribute('data-read')) return
    plot.toggleAttribute('data-read', true)
    attribute(plot, 'aria-valuemin', String(Math.round(frame.fromSec)))
    attribute(plot, 'aria-valuemax', String(Math.round(frame.toSec)))
    attribute(plot, 'aria-valuenow', String(Math.round(reading.atSec ?? frame.toSec)))
    const values = spec.lines.map(
      ({ label }, i) => `${label} ${plain(reading.values[i] ?? { value: MISSING, unit: '' })}`,
    )
    const when = reading.atSec === null ? 'No values' : dateTime(reading.atSec, frame.toSec)
    attribute(plot, 'aria-valuetext', `${when}: ${values.join(', ')}`)
  }
}
