/** Branded identities. A container is (host, boot id, cgroup inode); everything else about it is a description. */

declare const brand: unique symbol
type Brand<T, B extends string> = T & { readonly [brand]: B }

/** A host's id: a UUID the dashboard assigned at enrolment. */
export type HostId = Brand<string, 'HostId'>
/** `/proc/sys/kernel/random/boot_id`: a UUID, new at each boot. */
export type BootId = Brand<string, 'BootId'>
/** A control group's inode in the primary hierarchy (the kernel's cgroup id), in decimal. */
export type CgroupId = Brand<string, 'CgroupId'>
/** The dashboard's id of a container, in decimal; stands for one (host, boot id, cgroup inode). */
export type ContainerId = Brand<string, 'ContainerId'>
/**
 * A group's path below its hierarchy's root, in the printable, reversible form of `escapeBytes`; begins with `/`,
 * and the root itself is `/`.
 */
export type GroupPath = Brand<string, 'GroupPath'>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const DECIMAL = /^[1-9][0-9]{0,19}$/

export const isHostId = (text: string): text is HostId => UUID.test(text)
export const isBootId = (text: string): text is BootId => UUID.test(text)
export const isCgroupId = (text: string): text is CgroupId => DECIMAL.test(text)
export const isContainerId = (text: string): text is ContainerId => DECIMAL.test(text)
