/** The work took longer than it was given. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/**
 * Gives work so many milliseconds, then rejects. The work itself cannot be ended from here: it goes on, unheard.
 *
 * @throws {TimedOut} when the time is over first.
 */
export async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const timer = Promise.withResolvers<never>();
  const timeout = setTimeout(() => timer.reject(new TimedOut(`No result after ${ms} ms.`)), ms);
  try {
    return await Promise.race([work(), timer.promise]);
  } finally {
    clearTimeout(timeout);
  }
}
