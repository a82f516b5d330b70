import type { Duplex } from 'node:stream'
import type { WardenMessage } from '@corral/protocol'

/** Most bytes that wait for an agent that does not read: one that asks on must not fill the warden's memory. */
const MOST_UNREAD_BYTES = 16 * 1024 * 1024

/**
 * Sends messages down a channel, one JSON object a line. A channel whose reader stands still is closed, which ends
 * the agent behind it; `cut` is then called once. What comes after its end is dropped.
 */
export const createSender = (channel: Duplex, cut: () => void): ((message: WardenMessage) => void) => {
  return (message) => {
    if (!channel.writable) return
    if (channel.writableLength > MOST_UNREAD_BYTES) {
      channel.destroy()
      cut()
      return
    }
    channel.write(`${JSON.stringify(message)}\n`)
  }
}
