import { describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../../functions/random.ts';
import { retryOnConflict } from '../../../functions/users/retry-on-conflict.ts';
import {
  cancellationReasons,
  isConditionFailure,
  isConflict,
  orConflict,
  pastTransactions,
  WriteConflict,
} from '../../../functions/users/user-table.ts';

const named = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });

const cancelled = (...codes: (string | undefined)[]) =>
  named('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });

describe('a conflict', () => {
  it.each<[name: string, error: unknown, conflict: boolean]>([
    ['a condition', named('ConditionalCheckFailedException'), true],
    ['a transaction on the item', named('TransactionConflictException'), true],
    ['the same transaction still running', named('TransactionInProgressException'), true],
    ['a condition in a transaction', cancelled('None', 'ConditionalCheckFailed'), true],
    ['two transactions at once', cancelled('TransactionConflict', 'None'), true],
    ['a throttled transaction', cancelled('ThrottlingError', 'None'), false],
    ['a transaction without reasons', named('TransactionCanceledException'), false],
    ['a reason without a code', cancelled(undefined), false],
    ['no such table', named('ResourceNotFoundException'), false],
    [
      'reasons of another error',
      named('Error', { CancellationReasons: [{ Code: 'ConditionalCheckFailed' }] }),
      false,
    ],
    ['no error', 'ConditionalCheckFailedException', false],
  ])('%s: %s', async (_name, error, conflict) => {
    expect(isConflict(error)).toBe(conflict);
    const thrown: unknown = await orConflict(Promise.reject(error)).catch((caught: unknown) => caught);
    if (conflict) expect(thrown).toMatchObject({ code: 'too_many_conflicts', retryable: true, cause: error });
    else expect(thrown).toBe(error);
  });

  it('is none when the write succeeds', async () => {
    expect(await orConflict(Promise.resolve('done'))).toBe('done');
  });

  it('has its reasons item by item', () => {
    expect(cancellationReasons(cancelled('None', undefined, 'TransactionConflict'))).toEqual([
      'None',
      'None',
      'TransactionConflict',
    ]);
  });

  it.each<[name: string, error: unknown]>([
    ['another error', named('ConditionalCheckFailedException')],
    ['a cancelled transaction without any', named('TransactionCanceledException')],
    ['no error', 'TransactionCanceledException'],
  ])('has no reasons in %s', (_name, error) => {
    expect(cancellationReasons(error)).toEqual([]);
  });

  it('of a single condition is told from one that may pass', () => {
    expect(isConditionFailure(named('ConditionalCheckFailedException'))).toBe(true);
    expect(isConditionFailure(named('TransactionConflictException'))).toBe(false);
    expect(isConditionFailure('ConditionalCheckFailedException')).toBe(false);
  });

  it('reaches nobody, but is retryable where it does', () => {
    expect(new WriteConflict()).toMatchObject({ name: 'WriteConflict', retryable: true });
  });
});

describe('a write that a transaction may hold up', () => {
  const failing = (times: number, error: Error) => {
    let tries = 0;
    const write = () => {
      tries += 1;
      return tries <= times ? Promise.reject(error) : Promise.resolve(tries);
    };
    return pastTransactions(write).catch((thrown: unknown) => [thrown, tries]);
  };

  it.each([0, 1, 9])('is done after %i that did', async (times) => {
    expect(await failing(times, named('TransactionConflictException'))).toBe(times + 1);
  });

  it('fails after ten', async () => {
    const error = named('TransactionConflictException');
    expect(await failing(10, error)).toEqual([error, 10]);
  });

  it('fails at once for another reason', async () => {
    const error = named('ConditionalCheckFailedException');
    expect(await failing(1, error)).toEqual([error, 1]);
  });
});

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
