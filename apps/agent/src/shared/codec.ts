import { Packr } from 'msgpackr'

/** How both ends of the link write messages: typed arrays, dates and NaN travel as they are. */
export interface Codec {
  encode(data: unknown): Uint8Array<ArrayBuffer>
  decode(data: string | ArrayBuffer | Uint8Array): unknown
}

export const createCodec = (): Codec => {
  const packr = new Packr({ moreTypes: true, useRecords: false })
  return {
    encode: (data) => new Uint8Array(packr.pack(data)),
    decode: (data) => packr.unpack(typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data)),
  }
}
