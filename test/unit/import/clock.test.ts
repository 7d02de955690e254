import { expect, it } from '@jest/globals';
import { throttle } from '../../../lib/import/clock.ts';

/** What each turn has waited, in milliseconds; the clock is changed by so much before it. */
async function waits(changes: readonly number[]): Promise<number[]> {
  let time = Date.parse('2026-03-01T12:00:00.000Z');
  const slept: number[] = [];
  let waited = 0;
  const clock = {
    now: () => new Date(time),
    sleep(ms: number) {
      time += ms;
      waited += ms;
      return Promise.resolve();
    },
  };
  const turn = throttle(5, clock);
  for (const change of changes) {
    time += change;
    waited = 0;
    await turn();
    slept.push(waited);
  }
  return slept;
}

it('lets so many through in a second, evenly', async () => {
  expect(await waits([0, 0, 50, 200, 1000, 0])).toEqual([0, 200, 150, 0, 0, 200]);
});

it('waits for no more than its turn when the clock was set back', async () => {
  expect(await waits([0, -3_600_000, 0, 3_600_000, 0])).toEqual([0, 200, 200, 0, 200]);
});
