/** Version of the agent link. Raised when an older side could misread a newer one. */
export const PROTOCOL_VERSION = 1

/** Where the dashboard accepts agents. */
export const AGENT_PATH = '/agent'
/** Where the dashboard accepts browsers' live sockets. */
export const LIVE_PATH = '/live'

/** Largest frame from a browser and from an agent, in bytes. */
export const BROWSER_FRAME_BYTES = 256 * 1024
export const AGENT_FRAME_BYTES = 1024 * 1024
