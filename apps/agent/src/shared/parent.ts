/** How often a process looks whether the one that started it is still there. */
const LOOK_MS = 500

/**
 * Calls `gone` once when the parent named by `CORRAL_PARENT_PID` is no longer our parent, so that a `kill -9` of
 * the launcher leaves no orphan. Does nothing where the variable is not set. Returns a function that stops looking.
 */
export const watchParent = (gone: () => void): (() => void) => {
  const expected = Number(process.env.CORRAL_PARENT_PID ?? '')
  if (!Number.isInteger(expected) || expected <= 0) return () => {}
  const timer = setInterval(() => {
    if (process.ppid === expected) return
    clearInterval(timer)
    gone()
  }, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}
