import { asciiBytes, decimal, lineEnd, type Scan, skipSpaces, startsWith, wordEnd } from './scan.ts'

const COLON = 0x3a
const LOOPBACK = asciiBytes('lo:')
/** Fields between the colon and the bytes that were sent. */
const TRANSMIT_FIELD = 8

/**
 * `/proc/PID/net/dev`: the interfaces of that process's network namespace. Gives two sums over all of them except
 * `lo`: bytes received and bytes sent.
 *
 *     Inter-|   Receive                                                |  Transmit
 *      face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls …
 *         lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0 …
 *       eth0: 1487821   34664    0    0    0     0          0         0  2256681   19119    0    0    0     0 …
 *
 * An interface's name contains neither space nor colon. Source: proc_pid_net(5).
 */
export const scanNetDev: Scan = (bytes, length, out, at) => {
  out[at] = 0
  out[at + 1] = 0
  for (let start = 0; start < length; ) {
    const end = lineEnd(bytes, start, length)
    const name = skipSpaces(bytes, start, end)
    let colon = name
    while (colon < end && bytes[colon] !== COLON) colon++
    if (colon < end && !startsWith(bytes, name, end, LOOPBACK)) {
      let from = skipSpaces(bytes, colon + 1, end)
      out[at] = (out[at] ?? 0) + decimal(bytes, from, wordEnd(bytes, from, end))
      for (let field = 0; field < TRANSMIT_FIELD; field++) from = skipSpaces(bytes, wordEnd(bytes, from, end), end)
      out[at + 1] = (out[at + 1] ?? 0) + decimal(bytes, from, wordEnd(bytes, from, end))
    }
    start = end + 1
  }
}
