export { linuxSyscalls, POLLPRI, type Syscalls } from './syscalls.ts'
export { errorCode, SystemError } from './system-error.ts'
