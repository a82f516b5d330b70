import type { Encoder } from '@trpc/server/adapters/ws'
import { Packr } from 'msgpackr'
import { type CallCounter, createCallCounter, type SocketLimits } from './limits.ts'

/**
 * Frames of one socket: MessagePack, in which typed arrays, dates, bigints and NaN travel as they are. Both ends
 * build it the same way. Frames that break a limit are not decoded for anyone; `cut` is called with the reason.
 */
export const createCodec = (limits: SocketLimits, cut: (reason: string) => void): Encoder => {
  const packr = new Packr({ moreTypes: true, useRecords: false })
  const counter: CallCounter = createCallCounter(limits)
  return {
    encode(message) {
      counter.answered(message)
      // A copy of its own: the packer goes on writing into the memory around what it returns.
      return new Uint8Array(packr.pack(message))
    },
    decode(data) {
      if (typeof data === 'string') throw new Error('text frames are not taken')
      const frame: unknown = packr.unpack(data instanceof ArrayBuffer ? new Uint8Array(data) : data)
      const broken = counter.received(frame)
      if (broken !== null) {
        cut(broken)
        throw new Error(broken)
      }
      return frame
    },
  }
}
