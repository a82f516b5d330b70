import { CorralError } from '@corral/domain'

/**
 * Becomes `uid` and `gid` for good, without any other group: setgroups, setgid, setuid, in this order (the later ones
 * take away the right to the earlier). The kernel clears all capabilities with it (capabilities(7)). Throws
 * `internal` if a way back is left.
 */
export const dropPrivileges = (uid: number, gid: number): void => {
  const { setgroups, setgid, setuid, getuid, getgid, getgroups } = process
  if (!setgroups || !setgid || !setuid || !getuid || !getgid || !getgroups) {
    throw new CorralError('internal', 'This system has no users to change to.')
  }
  setgroups([])
  setgid(gid)
  setuid(uid)
  const groups = getgroups().filter((group) => group !== gid)
  if (getuid() !== uid || getgid() !== gid || groups.length > 0) {
    throw new CorralError('internal', `Could not become user ${uid} and group ${gid} alone.`)
  }
  if (uid === 0) return
  try {
    setuid(0)
  } catch {
    return
  }
  throw new CorralError('internal', 'Became an unprivileged user, yet could become root again.')
}
