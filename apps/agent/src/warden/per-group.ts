/** Runs tasks of one key one after the other, tasks of different keys side by side. */
export interface TaskQueue {
  run<T>(key: string, task: () => Promise<T>): Promise<T>
  /** Tasks that have not ended. */
  readonly size: number
  /** Resolves when every task given so far has ended. */
  idle(): Promise<void>
}

export const createTaskQueue = (): TaskQueue => {
  const tails = new Map<string, Promise<void>>()
  let size = 0
  return {
    get size() {
      return size
    },
    run: (key, task) => {
      size += 1
      const result = (tails.get(key) ?? Promise.resolve()).then(task)
      const settled: Promise<void> = result.then(
        () => {},
        () => {},
      )
      const tail = settled.then(() => {
        size -= 1
        if (tails.get(key) === tail) tails.delete(key)
      })
      tails.set(key, tail)
      return result
    },
    idle: async () => {
      await Promise.all(tails.values())
    },
  }
}
