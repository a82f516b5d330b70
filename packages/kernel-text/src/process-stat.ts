import { KernelTextError } from './parse-error.ts'

/**
 * `/proc/PID/stat`: one line. The name is in parentheses and may itself contain spaces and parentheses, so fields are
 * counted from the last one: state, parent, process group, session, terminal, its group, flags, …
 *
 *     9624 (bash) S 9585 9624 9624 0 -1 4194560 4107 45114 0 22 2 2 33 11 20 0 1 0 1161804 …
 *
 * The flags are the kernel's `PF_*`. Source: proc_pid_stat(5); include/linux/sched.h.
 */
const PF_EXITING = 0x4

/** Whether the process is ending. Its v1 groups are then shown as `/` though it is still counted in them. */
export const parseIsExiting = (text: string): boolean => {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const flags = fields[6]
  if (flags === undefined || !/^[0-9]+$/.test(flags))
    throw new KernelTextError('/proc/PID/stat', text, '… ) STATE … FLAGS')
  return (Number(flags) & PF_EXITING) !== 0
}
