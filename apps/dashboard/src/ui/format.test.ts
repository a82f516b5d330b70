import { describe, expect, it } from 'vitest'
import {
  age,
  byteRate,
  bytes,
  cores,
  count,
  dateTime,
  duration,
  percent,
  perSecond,
  plain,
  timeOfDay,
  took,
} from './format.ts'

const text = (quantity: { value: string; unit: string }) => plain(quantity)

describe('a missing value is a dash without a unit, never zero', () => {
  for (const missing of [null, undefined, Number.NaN]) {
    it(String(missing), () => {
      for (const format of [cores, bytes, byteRate, percent, count, perSecond]) {
        expect(format(missing)).toEqual({ value: '–', unit: '' })
      }
      for (const format of [duration, age, took, timeOfDay]) expect(format(missing)).toBe('–')
    })
  }
})

describe('cores have two decimals until whole cores say enough', () => {
  it.each([
    [0, '0.00 cores'],
    [1.994, '1.99 cores'],
    [11.42, '11.42 cores'],
    [99.994, '99.99 cores'],
    [99.996, '100 cores'],
    [1089.4, '1,089 cores'],
  ])('%d', (value, expected) => expect(text(cores(value))).toBe(expected))
})

describe('bytes show three digits that matter, in KiB and above', () => {
  it.each([
    [0, '0 KiB'],
    [512, '0.50 KiB'],
    [1024, '1.00 KiB'],
    [1.71 * 2 ** 30, '1.71 GiB'],
    [58.24 * 2 ** 30, '58.2 GiB'],
    [312 * 2 ** 20, '312 MiB'],
    [1023 * 2 ** 20, '1,023 MiB'],
    [1023.9 * 2 ** 20, '1.00 GiB'],
    [12 * 2 ** 40, '12.0 TiB'],
  ])('%d', (value, expected) => expect(text(bytes(value))).toBe(expected))
})

describe('byte rates use kB/s and MB/s', () => {
  it.each([
    [0, '0 kB/s'],
    [49, '0 kB/s'],
    [412, '0.4 kB/s'],
    [12_600, '12.6 kB/s'],
    [912_000, '912 kB/s'],
    [999_800, '1.00 MB/s'],
    [41_200_000, '41.2 MB/s'],
    [3_120_000_000, '3.12 GB/s'],
  ])('%d', (value, expected) => expect(text(byteRate(value))).toBe(expected))
})

describe('ratios are percent', () => {
  it('whole by default', () => expect(text(percent(0.614))).toBe('61 %'))
  it('one decimal when asked', () => expect(text(percent(0.46, 1))).toBe('46.0 %'))
})

describe('durations name their two largest units', () => {
  it.each([
    [-3, '0 s'],
    [0, '0 s'],
    [41.9, '41 s'],
    [60, '1 min'],
    [461, '7 min 41 s'],
    [3600, '1 h'],
    [5 * 3600 + 125, '5 h 2 min'],
    [2 * 86_400 + 3 * 3600, '2 d 3 h'],
    [41 * 86_400 + 5 * 3600, '41 d'],
  ])('%d s', (seconds, expected) => expect(duration(seconds)).toBe(expected))
  it('ages name one', () => {
    expect(age(461)).toBe('7 min')
    expect(age(41 * 86_400 + 5)).toBe('41 d')
    expect(age(0)).toBe('0 s')
  })
})

describe('how long an act took keeps its precision', () => {
  it.each([
    [880, '880 µs'],
    [3100, '3.1 ms'],
    [250_000, '250 ms'],
    [5_000_000, '5.0 s'],
  ])('%d µs', (usec, expected) => expect(took(usec)).toBe(expected))
})

describe('times of day are local', () => {
  const noon = new Date(2026, 10, 13, 12, 3, 9).getTime() / 1000
  it('pads', () => expect(timeOfDay(noon)).toBe('12:03:09'))
  it('leaves out the date today', () => expect(dateTime(noon, noon + 60)).toBe('12:03:09'))
  it('names the date on other days', () => expect(dateTime(noon, noon + 2 * 86_400)).toBe('13 Nov 12:03:09'))
})
