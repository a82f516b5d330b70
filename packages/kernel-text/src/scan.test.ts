import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createFlatScanner,
  FREEZER,
  KernelTextError,
  parseFlatKeyed,
  type Scan,
  scanBlkio,
  scanFreezerState,
  scanInteger,
  scanIoStat,
  scanNetDev,
  scanPressure,
} from './index.ts'

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))

const scan = (scanner: Scan, text: string, count: number): number[] => {
  const out = new Float64Array(count).fill(-1)
  const bytes = ascii(text)
  scanner(bytes, bytes.length, out, 0)
  return [...out]
}

const counter = fc.nat({ max: Number.MAX_SAFE_INTEGER })

test('an integer is read to its end, and anything else is a gap', () => {
  fc.assert(fc.property(counter, (n) => scan(scanInteger, `${n}\n`, 1)[0] === n))
  for (const text of ['', '\n', '-1\n', 'max\n', '12a\n', '1 2\n'])
    expect(scan(scanInteger, text, 1)).toEqual([Number.NaN])
})

test('bytes that an earlier, longer file left in the buffer are not read', () => {
  const out = new Float64Array(1)
  scanInteger(ascii('12345678\n'), 2, out, 0)
  expect(out[0]).toBe(12)
})

test('flat keyed: the scanner and the text codec agree on every file', () => {
  const key = fc.constantFrom('anon', 'file', 'inactive_file', 'inactive_file_x', 'pgmajfault')
  const line = fc.tuple(key, fc.oneof(counter.map(String), fc.constantFrom('', 'x', '-3')))
  const wanted = ['inactive_file', 'anon'] as const
  fc.assert(
    fc.property(fc.uniqueArray(line, { selector: ([name]) => name }), (lines) => {
      const text = lines.map(([name, value]) => `${name} ${value}\n`).join('')
      const found = scan(createFlatScanner(wanted), text, 2)
      try {
        const parsed = parseFlatKeyed(text, wanted)
        expect(found).toEqual([parsed.inactive_file, parsed.anon])
      } catch (error) {
        expect(error).toBeInstanceOf(KernelTextError)
        expect(found.some(Number.isNaN)).toBe(true)
      }
    }),
    { numRuns: 1000 },
  )
})

test('pressure: total of some and of full, and a gap for a line that an older kernel lacks', () => {
  const line = (kind: string, total: number) => `${kind} avg10=0.00 avg60=12.10 avg300=0.21 total=${total}\n`
  expect(scan(scanPressure, line('some', 46407631) + line('full', 7), 2)).toEqual([46407631, 7])
  expect(scan(scanPressure, line('some', 5), 2)).toEqual([5, Number.NaN])
})

test('io.stat: sums over devices, ignores what is new, and an empty file is no input or output at all', () => {
  const text =
    '8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0\n' +
    '8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=50331648 dios=3021 cost.usage=99 rbytes.x=7\n254:0 \n'
  expect(scan(scanIoStat, text, 4)).toEqual([1459201, 314773506, 195, 357])
  expect(scan(scanIoStat, '', 4)).toEqual([0, 0, 0, 0])
})

test('blkio: sums reads and writes over devices and leaves totals alone', () => {
  const device = (id: string, read: number, write: number) =>
    `${id} Read ${read}\n${id} Write ${write}\n${id} Sync 9\n${id} Async 9\n${id} Discard 9\n${id} Total 9\n`
  expect(scan(scanBlkio, `${device('8:0', 1, 2)}${device('8:16', 10, 20)}Total 99\n`, 2)).toEqual([11, 22])
  expect(scan(scanBlkio, 'Total 0\n', 2)).toEqual([0, 0])
})

test('net/dev: sums over interfaces, and loopback is not traffic', () => {
  const header =
    'Inter-|   Receive                                                |  Transmit\n' +
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n'
  const row = (name: string, rx: number, tx: number) =>
    `${name}: ${rx}       2    0    0    0     0          0         0 ${tx}  2    0    0    0     0       0          0\n`
  expect(scan(scanNetDev, header + row('    lo', 50, 60) + row('  eth0', 7, 8) + row(' lo0', 100, 200), 2)).toEqual([
    107, 208,
  ])
  expect(scan(scanNetDev, `${header}eth0:1487821444 2 0 0 0 0 0 0 2256681 1 0 0 0 0 0 0\n`, 2)).toEqual([
    1487821444, 2256681,
  ])
})

test('freezer.state: the three words and nothing else', () => {
  expect(scan(scanFreezerState, 'THAWED\n', 1)).toEqual([FREEZER.thawed])
  expect(scan(scanFreezerState, 'FREEZING\n', 1)).toEqual([FREEZER.freezing])
  expect(scan(scanFreezerState, 'FROZEN\n', 1)).toEqual([FREEZER.frozen])
  expect(scan(scanFreezerState, 'FRIED!\n', 1)).toEqual([Number.NaN])
})

test('no bytes make a scanner throw, read beyond its length or write beyond its values', () => {
  const scanners: readonly (readonly [Scan, number])[] = [
    [scanInteger, 1],
    [scanFreezerState, 1],
    [scanPressure, 2],
    [scanBlkio, 2],
    [scanNetDev, 2],
    [scanIoStat, 4],
    [createFlatScanner(['some', 'full']), 2],
  ]
  const word = fc.constantFrom(
    'some ',
    'full ',
    ' total=',
    'Read ',
    'Write ',
    'rbytes=',
    'eth0:',
    '1',
    '\n',
    ' ',
    '99999999999999999999',
  )
  const text = fc.oneof(
    fc.array(word, { maxLength: 60 }).map((words) => ascii(words.join(''))),
    fc.uint8Array({ maxLength: 300 }),
  )
  fc.assert(
    fc.property(text, fc.nat({ max: 300 }), (bytes, cut) => {
      const length = Math.min(cut, bytes.length)
      for (const [scanner, count] of scanners) {
        const whole = new Float64Array(count + 1).fill(-1)
        const alone = new Float64Array(count + 1).fill(-1)
        scanner(bytes, length, whole, 0)
        scanner(bytes.slice(0, length), length, alone, 0)
        expect(whole).toEqual(alone)
        expect(whole[count]).toBe(-1)
      }
    }),
    { numRuns: 2000 },
  )
})
