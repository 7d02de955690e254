import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import config from '../../usher.config.ts';
import { createIo, type IoCall } from '../support/io.ts';
import { type TakenJob, takeJobs } from '../support/jobs.ts';
import { forgetPace } from '../support/pace.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { type WebhookAnswer, webhook } from '../support/webhook.ts';
import { mailsTo, newEmail, putContact } from './contacts.ts';
import { inconsistencies, usersOfEmail } from './table-state.ts';
import { drain } from './work.ts';

const io = createIo();
let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({
    config: { ...config, responseBudgetMs: 500 },
    withPoller: false,
    adjust: io.adjust,
  });
  await webhook(test, 'encharge', 'test', '');
});
afterEach(async () => {
  io.revive();
  test.encharge.faults.clear();
  await forgetPace(test);
});
afterAll(() => test.stop());

function newContact() {
  const email = newEmail();
  return { email, id: putContact(test, 'encharge', { email, tags: ['late'] }) };
}

/** A call that nobody answers: it ends when the function gives it up. */
function unanswered({ signal }: IoCall): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (!signal) throw new Error('The function would wait for ever.');
    signal.addEventListener('abort', () =>
      reject(Object.assign(new Error('aborted'), { name: 'AbortError' })),
    );
  });
}

const hanging =
  (...names: string[]) =>
  (call: IoCall) =>
    names.includes(call.name) ? unanswered(call) : undefined;

/** The webhook's jobs in the queue, by id; the effects' are not among them. */
async function expectQueued({ status, body }: WebhookAnswer): Promise<TakenJob> {
  expect([status, body.data?.result]).toEqual([202, 'queued']);
  const job = (await takeJobs(test)).find(({ job: { id } }) => id === body.data.job_id);
  if (!job) throw new Error('The webhook was answered with 202 and is not in the queue.');
  return job;
}

/** Jobs that a test has looked at are invisible: the same webhook takes their place. */
async function finish(id: string): Promise<void> {
  io.revive();
  test.encharge.faults.clear();
  await forgetPace(test);
  await webhook(test, 'encharge', 'add', id, { send_notification: 'true', async: 'true' });
  await drain(test, io);
}

describe('a webhook whose time is over is in the queue', () => {
  it.each(['BatchGet', 'TransactWrite'])('while DynamoDB hangs at a %s', async (name) => {
    const { id, email } = newContact();
    io.before = hanging(name);
    await expectQueued(await webhook(test, 'encharge', 'add', id));
    io.before = undefined;
    expect(await usersOfEmail(test.users, email)).toEqual([]);
  });

  it('while DynamoDB hangs at a Get', async () => {
    const { id } = newContact();
    await finish(id);
    io.before = hanging('Get');
    await expectQueued(await webhook(test, 'encharge', 'update', id));
  });

  it('while DynamoDB hangs after it has written: the user is there once, and welcomed once', async () => {
    const { id, email } = newContact();
    io.after = hanging('TransactWrite');
    const answer = await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
    expect([answer.status, answer.body.data.result]).toEqual([202, 'queued']);
    io.after = undefined;
    await drain(test, io);
    expect(await usersOfEmail(test.users, email)).toMatchObject([{ effects: {}, tags: ['late'] }]);
    expect(mailsTo(test, email)).toHaveLength(1);
    expect(await inconsistencies(test.users)).toEqual([]);
  });

  it('while the queue does not take the job of the effects, but then the webhook', async () => {
    const { id, email } = newContact();
    let sends = 0;
    io.before = (call) => {
      sends += call.name === 'SendMessage' ? 1 : 0;
      return sends === 1 && call.name === 'SendMessage' ? unanswered(call) : undefined;
    };
    const answer = await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
    expect([answer.status, answer.body.data.result]).toEqual([202, 'queued']);
    io.before = undefined;
    await drain(test, io);
    expect(await usersOfEmail(test.users, email)).toMatchObject([{ effects: {} }]);
    expect(mailsTo(test, email)).toHaveLength(1);
  });
});

describe('keys that are due for another look', () => {
  it('are used as they are while Secrets Manager hangs', async () => {
    const { id } = newContact();
    await finish(id);
    io.advance(6 * 60 * 1000);
    const given: (AbortSignal | undefined)[] = [];
    io.before = (call) => {
      if (call.service !== 'secretsmanager') return;
      given.push(call.signal);
      return unanswered(call);
    };
    const answer = await webhook(test, 'encharge', 'update', id);
    expect(answer.status).toBeLessThan(300);
    expect(given.map((signal) => signal?.aborted)).toEqual([true, true]);
  });
});
