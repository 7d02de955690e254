import { describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../../functions/random.ts';
import { retryOnConflict } from '../../../functions/users/retry-on-conflict.ts';
import { WriteConflict } from '../../../functions/users/user-table.ts';

/** Runs an action whose first so many tries meet a conflict. */
async function run(conflicts: number, error: Error = new WriteConflict()) {
  const limits: number[] = [];
  const pauses: number[] = [];
  let tries = 0;
  const outcome = await retryOnConflict(
    async () => {
      tries += 1;
      await Promise.resolve();
      if (tries <= conflicts) throw error;
      return 'settled';
    },
    {
      random: { ...secureRandom, int: (max) => limits.push(max) && max - 1 },
      sleep: (ms) => Promise.resolve(void pauses.push(ms)),
    },
  ).catch((thrown: unknown) => thrown);
  return { outcome, tries, limits, pauses };
}

describe('an action that others get in the way of', () => {
  it('is run once when nobody does', async () => {
    expect(await run(0)).toMatchObject({ outcome: 'settled', tries: 1, pauses: [] });
  });

  it('is run again after random pauses that grow, up to 400 ms', async () => {
    const { outcome, tries, limits, pauses } = await run(11);
    expect(outcome).toBe('settled');
    expect(tries).toBe(12);
    expect(limits).toEqual([20, 40, 80, 160, 320, 400, 400, 400, 400, 400, 400]);
    expect(pauses).toEqual(limits.map((limit) => limit - 1));
  });

  it('gives up after twelve tries, for the queue to take it', async () => {
    const { outcome, tries } = await run(100);
    expect(outcome).toBeInstanceOf(WriteConflict);
    expect(outcome).toMatchObject({ code: 'too_many_conflicts', retryable: true });
    expect(tries).toBe(12);
  });

  it('does not run again for another reason', async () => {
    const error = new Error('down');
    expect(await run(1, error)).toMatchObject({ outcome: error, tries: 1, pauses: [] });
  });
});
