import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { join } from 'node:path'
import { CorralError, type HostId } from '@corral/domain'
import { hostId, type Transcript, transcriptBytes } from '@corral/protocol'
import { z } from 'zod'
import { readIfThere, replaceFile } from '../shared/files.ts'
import { parseJson } from '../shared/lines.ts'

const enrolment = z.strictObject({ hostId, dashboardKey: z.string().length(64) })
/** Which host we are, and the dashboard's pinned key (32 bytes). */
export interface Enrolment {
  readonly hostId: HostId
  readonly dashboardKey: Uint8Array
}

export interface Identity {
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly sign: (transcript: Transcript) => Uint8Array<ArrayBuffer>
}

const rawPublicKey = (key: KeyObject): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(String(createPublicKey(key).export({ format: 'jwk' }).x), 'base64url'))

/** Our ed25519 key in `home`, made at the first call; mode 0600. */
export const openIdentity = (home: string): Identity => {
  const path = join(home, 'agent-key.pem')
  let pem = readIfThere(path)
  if (pem === null) {
    pem = String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }))
    replaceFile(path, pem)
  }
  const key = createPrivateKey(pem)
  return {
    publicKey: rawPublicKey(key),
    sign: (transcript) => new Uint8Array(sign(null, transcriptBytes(transcript), key)),
  }
}

/** Throws `bad-proof` unless the pinned dashboard signed exactly this transcript. */
export const verifyDashboard = (transcript: Transcript, signature: Uint8Array): void => {
  const x = Buffer.from(transcript.dashboardKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  if (transcript.side !== 'dashboard' || !verify(null, transcriptBytes(transcript), key, signature)) {
    throw new CorralError('bad-proof', 'The dashboard did not prove the key that was pinned at enrolment.')
  }
}

const enrolmentPath = (home: string): string => join(home, 'enrolment.json')

export const readEnrolment = (home: string): Enrolment | null => {
  const text = readIfThere(enrolmentPath(home))
  if (text === null) return null
  const parsed = enrolment.parse(parseJson(text))
  return { hostId: parsed.hostId, dashboardKey: new Uint8Array(Buffer.from(parsed.dashboardKey, 'hex')) }
}

export const saveEnrolment = (home: string, { hostId: id, dashboardKey }: Enrolment): void =>
  replaceFile(
    enrolmentPath(home),
    JSON.stringify({ hostId: id, dashboardKey: Buffer.from(dashboardKey).toString('hex') }),
  )
