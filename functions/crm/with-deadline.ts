/**
 * Runs work under a signal that fires when the given one does, or when the time is over.
 *
 * What `AbortSignal.any` and `AbortSignal.timeout` do together, without leaving them to the garbage collector.
 *
 * @param ms time for the work, in milliseconds
 */
export async function withDeadline<Result>(
  signal: AbortSignal,
  ms: number,
  work: (deadline: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController();
  const abort = () => deadline.abort(signal.reason);
  const timer = setTimeout(() => deadline.abort(new DOMException('Too slow.', 'TimeoutError')), ms);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
