'use client'
import { useEffect, useRef } from 'react'
import { liveStore, SMALL_INDEX } from '../../client/index.ts'
import { chartColours, onThemeChange } from '../chart/colours.ts'

/** Seconds a sparkline shows. */
const SPARK_SEC = 120

/** CPU below this peak is drawn as the little it is, in cores. */
const LEAST_PEAK = 0.05

/** Points further apart than this have a gap between them, in seconds. */
const GAP_SEC = 6

const CPU = SMALL_INDEX.cpuUsage
const FROZEN = SMALL_INDEX.frozen

/** Draws a container's CPU of the last two minutes, scaled to its own peak; frozen stretches have an ice band. */
const draw = (canvas: HTMLCanvasElement, containerId: string): void => {
  const ctx = canvas.getContext('2d')
  const cell = liveStore.cell(containerId)
  const width = canvas.clientWidth
  const height = canvas.clientHeight
  if (ctx === null || width === 0) return
  const ratio = devicePixelRatio
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
  }
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  ctx.clearRect(0, 0, width, height)
  const colours = chartColours()
  ctx.fillStyle = colours.grid
  ctx.fillRect(0, height - 1, width, 1)
  if (cell === null || cell.ring.length === 0) return

  const { ring } = cell
  const from = ring.at(ring.length - 1) - SPARK_SEC
  const x = (sec: number) => ((sec - from) / SPARK_SEC) * width
  let peak = LEAST_PEAK
  for (let i = 0; i < ring.length; i++) {
    const value = ring.value(i, CPU)
    if (ring.at(i) >= from && value > peak) peak = value
  }
  const y = (value: number) => height - 1.5 - (value / peak) * (height - 4)

  ctx.fillStyle = colours.ice
  ctx.globalAlpha = 0.22
  for (let i = 1; i < ring.length; i++) {
    if (!(ring.value(i, FROZEN) >= 0.5) || ring.at(i) - ring.at(i - 1) > GAP_SEC) continue
    const left = Math.max(0, x(ring.at(i - 1)))
    ctx.fillRect(left, 0, x(ring.at(i)) - left, height)
  }
  ctx.globalAlpha = 1

  ctx.strokeStyle = colours['series-1']
  ctx.lineWidth = 1.25
  ctx.lineJoin = 'round'
  ctx.beginPath()
  let before = Number.NaN
  for (let i = 0; i < ring.length; i++) {
    const sec = ring.at(i)
    const value = ring.value(i, CPU)
    if (Number.isNaN(value) || sec < from) continue
    if (sec - before <= GAP_SEC) ctx.lineTo(x(sec), y(value))
    else ctx.moveTo(x(sec), y(value))
    before = sec
  }
  ctx.stroke()
}

/** A number's recent past, beside the number: outside React, painted with each tick. */
export const Spark = ({ containerId }: { containerId: string }) => {
  const ref = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const canvas = ref.current
    if (canvas === null) return
    const paint = () => draw(canvas, containerId)
    paint()
    const stops = [liveStore.subscribeContainer(containerId, paint), onThemeChange(paint)]
    const resized = new ResizeObserver(paint)
    resized.observe(canvas)
    return () => {
      resized.disconnect()
      for (const stop of stops) stop()
    }
  }, [containerId])
  return <canvas ref={ref} className="spark" />
}
