import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Slots } from '../../../lib/dev/slots.ts';

/** Work that goes on until it is told to end. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isStarted = false;
  return {
    start: () => {
      isStarted = true;
      return promise;
    },
    get isStarted() {
      return isStarted;
    },
    end: resolve,
    fail: reject,
  };
}

describe('slots', () => {
  it('let so many work at once, and the others in their order', async () => {
    const slots = new Slots(2);
    const works = [work(), work(), work(), work()];
    const runs = works.map(({ start }) => slots.run(start));
    await turn();
    expect(works.map(({ isStarted }) => isStarted)).toEqual([true, true, false, false]);
    works[1]?.end();
    await turn();
    expect(works.map(({ isStarted }) => isStarted)).toEqual([true, true, true, false]);
    for (const { end } of works) end();
    await Promise.all(runs);
    expect(works.every(({ isStarted }) => isStarted)).toBe(true);
  });

  it('are for those nobody waits for when nobody else stands in line', async () => {
    const slots = new Slots(1);
    const [first, patient, late] = [work(), work(), work()];
    const runs = [slots.run(first.start), slots.runPatiently(patient.start), slots.run(late.start)];
    first.end();
    await turn();
    expect([patient.isStarted, late.isStarted]).toEqual([false, true]);
    late.end();
    await turn();
    expect(patient.isStarted).toBe(true);
    patient.end();
    await Promise.all(runs);
  });

  it('are free again after a failure', async () => {
    const slots = new Slots(1);
    await expect(slots.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await slots.run(() => Promise.resolve('next'))).toBe('next');
  });

  it('are given back while somebody outside is waited for, who then comes before the others', async () => {
    const slots = new Slots(1);
    const [outside, second, third] = [work(), work(), work()];
    const order: string[] = [];
    const runs = [
      slots.run(async () => {
        await slots.without(outside.start);
        order.push('first');
      }),
      slots.run(second.start).then(() => order.push('second')),
      slots.run(third.start).then(() => order.push('third')),
    ];
    await turn();
    expect([outside.isStarted, second.isStarted, third.isStarted]).toEqual([true, true, false]);
    outside.end();
    await turn();
    expect(order).toEqual([]);
    second.end();
    third.end();
    await Promise.all(runs);
    expect(order.indexOf('first')).toBeLessThan(order.indexOf('third'));
  });

  it('are not taken by who has ended before its answer came', async () => {
    const slots = new Slots(1);
    const outside = work();
    let waiting: Promise<void> | undefined;
    await slots.run(() => {
      waiting = slots.without(outside.start);
      return Promise.resolve();
    });
    outside.fail(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    expect(await slots.run(() => Promise.resolve('next'))).toBe('next');
  });

  it('mean nothing to those who have none', async () => {
    const slots = new Slots(1);
    expect(await slots.without(() => Promise.resolve('answer'))).toBe('answer');
    const blocker = work();
    const run = slots.run(blocker.start);
    expect(await slots.without(() => Promise.resolve('answer'))).toBe('answer');
    blocker.end();
    await run;
  });
});
