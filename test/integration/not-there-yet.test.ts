import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { WebhookJob } from '../../functions/jobs/job.ts';
import { deliver, type TakenJob, takeJobs } from '../support/jobs.ts';
import { webhook } from '../support/webhook.ts';
import { newEmail } from './contacts.ts';
import { add, created, io, newContact, rests, test, told, usePacedStack } from './paced-stack.ts';

usePacedStack();

const passwordless = { user_pass: 'made-up-password' };
const notThere = { answer: '202 queued', because: 'contact_not_found', calls: 2 };

/** A contact that the CRM shows from now on. */
const show = (id: string) =>
  test.encharge.people.put({ id, email: newEmail(), tags: ['late'], fields: passwordless });

async function jobOf(id: string): Promise<TakenJob & { job: WebhookJob }> {
  const taken = (await takeJobs(test)).find(({ job }) => job.contactId === id);
  if (taken?.job.kind !== 'webhook') throw new Error('No job was queued.');
  return { ...taken, job: taken.job };
}

/** Hands the job out at each age in seconds, and answers how many calls that took, what it came to, and its rest. */
async function deliverAt(job: TakenJob, ages: readonly number[]) {
  const began = Date.parse(job.job.createdAt);
  const outcomes: unknown[] = [];
  for (const [index, age] of ages.entries()) {
    io.advance(began + age * 1000 - io.now().getTime());
    io.clear();
    const outcome = await deliver(test, job, { receives: index + 1 });
    const { result, error_code } = test.log.at(-1) ?? {};
    outcomes.push([io.count('crm'), outcome, result, error_code, ...rests()]);
  }
  return outcomes;
}

const again = (calls: number, rest: number) => [calls, 'failed', 'failed', 'contact_not_found', rest];
const over = [1, 'done', 'refused', 'contact_not_found'];

describe('a contact that the CRM does not show yet', () => {
  it('is looked for a second time, and the webhook is applied', async () => {
    const id = randomUUID();
    let pulls = 0;
    io.before = ({ service }) => {
      if (service === 'crm' && ++pulls === 2) show(id);
    };
    expect(await told(add('encharge', id))).toEqual({ ...created, calls: 2 });
  });

  it('goes to the queue then, and an add looks three times more before it is refused', async () => {
    const id = randomUUID();
    expect(await told(add('encharge', id))).toEqual(notThere);
    const job = await jobOf(id);
    expect(job.job.after).toBe('contact_not_found');
    expect(await deliverAt(job, [1, 60, 180, 360])).toEqual([
      again(0, 59),
      again(1, 120),
      again(1, 180),
      over,
    ]);
    expect(await test.userOf('encharge', id)).toBeUndefined();
  });

  it.each([60, 180, 360])('is found by its job at %i seconds', async (age) => {
    const id = randomUUID();
    await add('encharge', id);
    const job = await jobOf(id);
    show(id);
    expect(await deliverAt(job, [age])).toEqual([[1, 'done', 'created', undefined]]);
    expect(await test.userOf('encharge', id)).toMatchObject({ tags: ['late'] });
  });

  it.each(['add', 'update', 'update_tags'])(
    'for %s of a user one look follows, after five minutes',
    async (action) => {
      const id = newContact('encharge');
      await add('encharge', id);
      test.encharge.people.remove(id);
      expect(await told(webhook(test, 'encharge', action, id))).toEqual(notThere);
      const job = await jobOf(id);
      const first = action === 'add' ? [again(0, 59), again(1, 240)] : [again(0, 299)];
      expect(await deliverAt(job, action === 'add' ? [1, 60, 300] : [1, 300])).toEqual([...first, over]);
      expect(await test.userOf('encharge', id)).toMatchObject({ tags: ['new'] });
    },
  );

  it('asked for with async gets the same looks', async () => {
    const id = randomUUID();
    await webhook(test, 'encharge', 'add', id, { async: 'true' });
    const job = await jobOf(id);
    expect(await deliverAt(job, [0, 60, 180, 360])).toEqual([
      again(1, 60),
      again(1, 120),
      again(1, 180),
      over,
    ]);
  });

  it('is told to a test at once', async () => {
    expect(await told(webhook(test, 'encharge', 'test', randomUUID()))).toMatchObject({
      answer: '422 contact_not_found',
      calls: 1,
    });
  });

  it('keeps nobody else waiting, and its looks cost no try', async () => {
    const id = randomUUID();
    await add('encharge', id);
    expect(await told(add('encharge'))).toEqual(created);
    const job = await jobOf(id);
    for (let hands = 0; hands < 30; hands += 1) expect(await deliver(test, job)).toBe('failed');
    show(id);
    expect(await deliverAt(job, [60])).toEqual([[1, 'done', 'created', undefined]]);
  });
});
