import { afterEach, describe, expect, it } from '@jest/globals';
import { createIo, type IoCall } from '../support/io.ts';
import { deliver, type TakenJob, takeJobs } from '../support/jobs.ts';
import { patientConfig } from '../support/patient-config.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { mailsTo, newEmail, putContact } from './contacts.ts';

const io = createIo();
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
afterEach(() => {
  io.before = undefined;
});

const keyOf = ({ input }: IoCall) => String(Object(Object(input).Key).pk);

/** An `add` that has sent its effects' job and waits before it writes its user. */
async function heldAdd() {
  const [sent, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  io.before = ({ name }) => {
    if (name !== 'TransactWrite') return;
    sent.resolve();
    return letGo.promise;
  };
  const email = newEmail();
  const id = putContact(test, 'encharge', { email, tags: [] });
  const answer = webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
  await sent.promise;
  const [job] = await takeJobs(test);
  if (!job) throw new Error('The job is not sent before the user is written.');
  return { id, email, job, finish: () => letGo.resolve(), answer };
}

async function expectDone(id: string, email: string, job: TakenJob): Promise<void> {
  expect((await test.userOf('encharge', id))?.effects).toEqual({});
  expect(mailsTo(test, email)).toHaveLength(1);
  expect(test.log.find(({ job_id }) => job_id === job.job.id)).toMatchObject({ action: 'effects' });
}

describe('an effects job that is faster than the creation of its user', () => {
  it('waits a moment', async () => {
    const { id, email, job, finish, answer } = await heldAdd();
    const working = deliver(test, job);
    let looks = 0;
    io.before = (call) => {
      looks += keyOf(call).startsWith('USER#') ? 1 : 0;
      if (looks === 3) finish();
    };
    expect(await working).toBe('done');
    expect((await answer).body.data.result).toBe('created');
    await expectDone(id, email, job);
  });

  it('ends at once when another webhook for the contact was first; that one’s job is done', async () => {
    const { id, email, job, finish, answer } = await heldAdd();
    io.before = undefined;
    const first = await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
    expect(first.body.data.result).toBe('created');
    const [other] = await takeJobs(test);
    expect(await deliver(test, job)).toBe('done');
    expect(test.log.at(-1)).toMatchObject({ result: 'user_not_created' });
    expect(mailsTo(test, email)).toEqual([]);
    finish();
    expect((await answer).body.data).toMatchObject({ result: 'unchanged', user_id: first.body.data.user_id });
    if (!other) throw new Error('The first webhook has sent no job.');
    expect(await deliver(test, other)).toBe('done');
    await expectDone(id, email, other);
  });
});
