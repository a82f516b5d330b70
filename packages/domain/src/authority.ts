/** Who may do what. One pure table serves lists and acts alike; what is not named here is denied. */

export const ROLES = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

export const ACTIONS = [
  'session.read',
  'fleet.read',
  'container.read',
  'history.read',
  'activity.read',
  'container.freeze',
  'container.thaw',
  'host.read',
  'host.enrol',
] as const
export type Action = (typeof ACTIONS)[number]

/** What a procedure touches: everything of a kind, or one named thing. */
export type Resource =
  | { readonly kind: 'session' }
  | { readonly kind: 'fleet' }
  | { readonly kind: 'host'; readonly id: string }
  | { readonly kind: 'container'; readonly id: string }

export type ResourceKind = Resource['kind']

const LOWEST_ROLE: Readonly<Record<Action, Role>> = {
  'session.read': 'viewer',
  'fleet.read': 'viewer',
  'container.read': 'viewer',
  'history.read': 'viewer',
  'activity.read': 'viewer',
  'host.read': 'viewer',
  'container.freeze': 'operator',
  'container.thaw': 'operator',
  'host.enrol': 'admin',
}

export const isRole = (text: unknown): text is Role => ROLES.some((role) => role === text)

/** Whether `role` may perform `action`. Roles are ordered: each may do what the one before it may. */
export const mayAct = (role: Role, action: Action): boolean => ROLES.indexOf(role) >= ROLES.indexOf(LOWEST_ROLE[action])
