import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startInvocation, timed } from '../../../functions/runtime/invocation.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Work of so many milliseconds on a clock that only this moves. */
async function work<Result>(ms: number, result: Result): Promise<Result> {
  await Promise.resolve();
  jest.advanceTimersByTime(ms);
  if (result instanceof Error) throw result;
  return result;
}

describe('a call', () => {
  it('adds up what each step took', async () => {
    const invocation = startInvocation(60_000);
    expect(await invocation.time('crm', () => work(15, 'first'))).toBe('first');
    await invocation.time('crm', () => work(20, 'second'));
    await invocation.time('store', () => work(7, 'third'));
    expect(invocation.ms).toEqual({ crm: 35, store: 7 });
  });

  it('counts a step that failed, and lets its error through', async () => {
    const invocation = startInvocation(60_000);
    await expect(invocation.time('store', () => work(15, new Error('down')))).rejects.toThrow('down');
    expect(invocation.ms).toEqual({ store: 15 });
  });

  it('ends with the total, in whole milliseconds', async () => {
    const invocation = startInvocation(60_000);
    await invocation.time('key', () => work(3.4, 'key'));
    await work(10, 'unnamed');
    expect(invocation.ms).toEqual({ key: 3 });
    invocation.end();
    expect(invocation.ms).toEqual({ key: 3, total: 13 });
  });
});

describe('an AWS client within a call', () => {
  it('sends with the signal of the call, as a step of it', async () => {
    const invocation = startInvocation(60_000);
    const sent: unknown[] = [];
    const client = {
      send: (...args: unknown[]) => {
        sent.push(...args);
        return work(5, { Item: 1 });
      },
    };
    expect(await timed(client, 'queue', invocation).send('command')).toEqual({ Item: 1 });
    expect(sent).toEqual(['command', { abortSignal: invocation.signal }]);
    expect(invocation.ms).toEqual({ queue: 5 });
  });
});
