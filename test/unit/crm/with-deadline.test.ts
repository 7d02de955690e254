import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { withDeadline } from '../../../functions/crm/with-deadline.ts';

const hour = 60 * 60 * 1000;
const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

/** Work that ends when its signal fires, with the signal's reason. */
const patient = (deadline: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    const stop = () => reject(deadline.reason as Error);
    deadline.addEventListener('abort', stop);
    if (deadline.aborted) stop();
  });

describe('work under a deadline', () => {
  it.each([
    ['done', () => Promise.resolve('done'), { status: 'fulfilled', value: 'done' }],
    [
      'failed',
      () => Promise.reject(new RangeError('x')),
      { status: 'rejected', reason: new RangeError('x') },
    ],
  ])('ends as it does by itself: %s', async (_name, work, end) => {
    const { signal } = new AbortController();
    const before = timers();
    const [outcome] = await Promise.allSettled([withDeadline(signal, hour, work)]);
    expect(outcome).toEqual(end);
    // Nothing is left that keeps the process or the signal busy.
    expect(timers()).toBe(before);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends with its time, and the caller’s signal does not', async () => {
    const { signal } = new AbortController();
    await expect(withDeadline(signal, 1, patient)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(signal.aborted).toBe(false);
  });

  it('ends with the caller’s signal, for its reason', async () => {
    const abort = new AbortController();
    const reason = new Error('The caller has left.');
    const work = withDeadline(abort.signal, hour, patient);
    abort.abort(reason);
    await expect(work).rejects.toBe(reason);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('does not begin in peace when the signal has fired before', async () => {
    const reason = new Error('The caller has left.');
    const seen = await withDeadline(AbortSignal.abort(reason), hour, (deadline) =>
      Promise.resolve([deadline.aborted, deadline.reason]),
    );
    expect(seen).toEqual([true, reason]);
  });
});
