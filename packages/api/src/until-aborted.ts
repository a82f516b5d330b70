/**
 * Runs a live stream until its call is aborted. tRPC leaves `signal` out where a transport has none; such a stream
 * ends when its reader returns.
 */
export async function* untilAborted<T>(
  signal: AbortSignal | undefined,
  stream: (stop: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  const stop = signal ?? new AbortController().signal
  try {
    yield* stream(stop)
  } catch (error) {
    // Whatever a wait threw because it was aborted is no failure.
    if (!stop.aborted) throw error
  }
}
