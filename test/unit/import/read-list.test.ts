import { expect, it } from '@jest/globals';
import { CrmRateLimited, CrmUnavailable } from '../../../functions/crm/crm-errors.ts';
import { patiently } from '../../../lib/import/read-list.ts';

/** Asks a CRM that fails each time, and answers how long it was waited for, in seconds. */
async function patienceWith(failure: () => Error): Promise<number> {
  let time = 0;
  const clock = {
    now: () => new Date(time),
    sleep(ms: number) {
      time += ms;
      return Promise.resolve();
    },
  };
  const failed = failure();
  await expect(patiently(() => Promise.reject(failed), clock)).rejects.toBe(failed);
  return time / 1000;
}

it('waits ten minutes for a CRM that does not answer', async () => {
  const seconds = await patienceWith(() => new CrmUnavailable({}));
  expect(seconds).toBeGreaterThanOrEqual(600);
  expect(seconds).toBeLessThan(660);
});

it('waits as long as the CRM says, ten minutes in all', async () => {
  expect(await patienceWith(() => new CrmRateLimited(250))).toBe(500);
  expect(await patienceWith(() => new CrmRateLimited(600))).toBe(600);
});

it('ends at once when the CRM wants to be left alone for longer than it is waited for', async () => {
  expect(await patienceWith(() => new CrmRateLimited(43_200))).toBe(0);
});
