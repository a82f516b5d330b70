import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CorralError } from '@corral/domain'

/** The dashboard's own secrets: made at the first start, kept in files that only its user may read. */
export interface Keys {
  /** Signs cookies and tickets; 64 hexadecimal digits. */
  readonly authSecret: string
  /** What agents pin at enrolment: ed25519, 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array
  /** An ed25519 signature, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}

const SECRET = /^[0-9a-f]{64}$/

/**
 * Reads a secret file, or makes it. Several programs may start at once: each writes a file of its own, and the one
 * that is linked first is everyone's.
 */
const readOrMake = (dir: string, name: string, make: () => string): string => {
  const path = join(dir, name)
  const own = join(dir, `.${name}.${randomBytes(8).toString('hex')}`)
  try {
    return readSecret(path)
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error
  }
  try {
    writeFileSync(own, make(), { mode: 0o600, flag: 'wx', flush: true })
    linkSync(own, path)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  } finally {
    rmSync(own, { force: true })
  }
  return readSecret(path)
}

const readSecret = (path: string): string => {
  if ((statSync(path).mode & 0o077) !== 0)
    throw new CorralError('internal', `${path} may be read by others: chmod 600 it, or remove it if it was seen`)
  return readFileSync(path, 'utf8').trim()
}

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const newPrivateKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** The 32 bytes of an ed25519 public key. */
const rawPublicKey = (key: KeyObject): Uint8Array => {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return new Uint8Array(Buffer.from(x ?? '', 'base64url'))
}

/** Throws `internal` when a key is there but cannot be used; says which file. */
export const openKeys = (secretDir: string): Keys => {
  mkdirSync(secretDir, { recursive: true, mode: 0o700 })
  const authSecret = readOrMake(secretDir, 'auth-secret', () => randomBytes(32).toString('hex'))
  if (!SECRET.test(authSecret)) throw new CorralError('internal', `${join(secretDir, 'auth-secret')} is damaged`)
  const pem = readOrMake(secretDir, 'dashboard-key.pem', newPrivateKey)
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch (cause) {
    throw new CorralError('internal', `${join(secretDir, 'dashboard-key.pem')} is damaged`, { cause })
  }
  return {
    authSecret,
    publicKey: rawPublicKey(key),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)),
  }
}
