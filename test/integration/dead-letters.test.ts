import type { Message } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EffectsJob, WebhookJob } from '../../functions/jobs/job.ts';
import { queueSettings } from '../../functions/jobs/queue-settings.ts';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { forgetPauses } from '../support/pauses.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { mailsTo, newEmail, putContact } from './contacts.ts';
import { patientConfig } from './patient-config.ts';
import { handle, receive, sendText, wake } from './queue-calls.ts';

const io = createIo({ isPatient: false });
let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
});
afterEach(() => test.encharge.faults.clear());
afterAll(() => test.stop());

/** Receives from the job queue; the emulator lets a message rest for a millisecond at least. */
async function nextTry(): Promise<Message | undefined> {
  for (let looks = 0; looks < 50; looks += 1) {
    const message = await receive(test, test.stack.queueUrl);
    if (message) return message;
  }
  return undefined;
}

/** Tries the job in front of the queue until SQS hands it out no more. Answers how often it was tried. */
async function tryUntilDead(): Promise<number> {
  let tries = 0;
  for (let message = await nextTry(); message; message = await nextTry()) {
    expect(await handle(test, [message])).toEqual([message.MessageId]);
    tries += 1;
    await wake(test, message);
  }
  return tries;
}

const webhookJob: WebhookJob = {
  kind: 'webhook',
  id: 'job 1',
  action: 'update',
  connection: 'encharge',
  contactId: 'contact 1',
  sendNotification: false,
  receivedAt: '2026-03-01T12:00:00.000Z',
  requestId: 'request 1',
  createdAt: '2026-03-01T12:00:00.000Z',
};

describe('a job that fails as often as it may', () => {
  it('ends among the dead letters as it was, and the next of its contact has its turn', async () => {
    const custom = { user_pass: 'made up' };
    const id = putContact(test, 'encharge', { email: newEmail(), tags: [], custom });
    test.encharge.faults.inject({ status: 500, times: 2 * queueSettings.maxReceives });
    await webhook(test, 'encharge', 'add', id, { async: 'true', role: 'editor' });
    await webhook(test, 'encharge', 'add', id, { async: 'true' });

    const first = await nextTry();
    if (!first) throw new Error('No job was queued.');
    await wake(test, first);
    // The first receive was not handed to the function.
    for (let tries = 2; tries <= queueSettings.maxReceives; tries += 1) {
      const message = await nextTry();
      expect(message).toMatchObject({
        Body: first.Body,
        Attributes: { ApproximateReceiveCount: String(tries) },
      });
      if (!message) return;
      expect(await handle(test, [message])).toEqual([message.MessageId]);
      expect(test.log.at(-1)).toMatchObject({ attempt: tries, error_code: 'crm_unavailable' });
      await wake(test, message);
      await forgetPauses(test);
    }
    test.encharge.faults.clear();
    const second = await nextTry();
    expect(second?.Body).not.toBe(first.Body);
    expect(await handle(test, second ? [second] : [])).toEqual([]);
    expect((await test.userOf('encharge', id))?.role).toBe('subscriber');
    const dead = await receive(test, test.stack.deadLetterUrl);
    expect(dead).toMatchObject({ Body: first.Body, MessageId: first.MessageId });
    expect(JSON.parse(String(dead?.Body))).toMatchObject({ action: 'add', contactId: id, role: 'editor' });
  });

  it.each([
    ['no JSON', 'not a job'],
    ['nothing', ' '],
    ['JSON of another kind', '{"kind":"other"}'],
    ['a job without its contact’s connection', JSON.stringify({ ...webhookJob, connection: undefined })],
    ['an action that is never queued', JSON.stringify({ ...webhookJob, action: 'test' })],
    ['a connection that is not configured any more', JSON.stringify({ ...webhookJob, connection: 'gone' })],
    ['an add without a contact', JSON.stringify({ ...webhookJob, action: 'unknown' })],
  ])('because it is %s: is an internal error each time', async (_name, body) => {
    await sendText(test, body, `group of ${body}`);
    const firstLine = test.log.length;
    expect(await tryUntilDead()).toBe(queueSettings.maxReceives);
    const lines = test.log.slice(firstLine);
    expect(lines.map(({ error_code }) => error_code)).toEqual(lines.map(() => 'internal_error'));
    expect(lines.map(({ result }) => result)).toEqual(lines.map(() => 'failed'));
    expect(lines).toHaveLength(queueSettings.maxReceives);
    expect((await receive(test, test.stack.deadLetterUrl))?.Body).toBe(body);
  });
});

describe('effects of a connection that is not configured any more', () => {
  it('are done as far as they can be', async () => {
    const email = newEmail();
    const id = putContact(test, 'encharge', { email, tags: [] });
    await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
    const [taken] = await takeJobs(test);
    if (taken?.job.kind !== 'effects') throw new Error('No effects were queued.');
    const job: EffectsJob = { ...taken.job, connection: 'gone' };
    const message = { ...taken.message, Body: JSON.stringify(job) };
    expect(await deliver(test, { job, message })).toBe('done');
    expect((await test.userOf('encharge', id))?.effects).toEqual({});
    expect((await test.userOf('encharge', id))?.passwordHash).toBeUndefined();
    expect(mailsTo(test, email)).toHaveLength(1);
  });
});
