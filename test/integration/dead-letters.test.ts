import type { Message } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { limits } from '../../functions/jobs/back-off.ts';
import type { EffectsJob, WebhookJob } from '../../functions/jobs/job.ts';
import { updateUser } from '../../functions/users/update.ts';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { forgetPace } from '../support/pace.ts';
import { patientConfig } from '../support/patient-config.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { mailsTo, newEmail, putContact } from './contacts.ts';
import { handle, receive, remove, sendText, wake } from './queue-calls.ts';

const io = createIo({ isPatient: false });
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
afterEach(async () => {
  io.revive();
  test.encharge.faults.clear();
  await forgetPace(test);
});

/** Receives from the job queue; the emulator lets a message rest for a millisecond at least. */
async function nextTry(): Promise<Message | undefined> {
  for (let looks = 0; looks < 50; looks += 1) {
    const message = await receive(test, test.stack.queueUrl);
    if (message) return message;
  }
  return undefined;
}

const deadLetter = () => receive(test, test.stack.deadLetterUrl);

/** A dead letter, which is then gone. */
async function takeDeadLetter(): Promise<Message | undefined> {
  const letter = await deadLetter();
  if (letter) await remove(test, test.stack.deadLetterUrl, letter);
  return letter;
}

/** Hands out the job in front of the queue as Lambda does, until it has left the queue. Answers the lines it logged. */
async function tryUntilGone(restMs = 0): Promise<Record<string, unknown>[]> {
  const firstLine = test.log.length;
  for (let message = await nextTry(); message; message = await nextTry()) {
    const failed = await handle(test, [message]);
    if (failed.length === 0) {
      await remove(test, test.stack.queueUrl, message);
      break;
    }
    io.advance(restMs);
    await wake(test, message);
    // Its own failures are what is counted here, not how slowly a failing CRM is called.
    await forgetPace(test);
  }
  return test.log.slice(firstLine).filter(({ message }) => message === 'job');
}

const custom = { user_pass: 'made up' };
const newContact = () => putContact(test, 'encharge', { email: newEmail(), tags: [], custom });

const webhookJob: WebhookJob = {
  kind: 'webhook',
  id: 'job 1',
  action: 'update',
  connection: 'encharge',
  contactId: 'contact 1',
  sendNotification: false,
  lane: 'live',
  receivedAt: '2026-03-01T12:00:00.000Z',
  requestId: 'request 1',
  createdAt: '2026-03-01T12:00:00.000Z',
};

describe('a job that fails as often as it may', () => {
  it.each([
    [
      'its CRM fails for it, while nobody else’s calls fail',
      { status: 500 },
      'crm_unavailable',
      limits.failures,
    ],
    ['its CRM refuses it', { status: 403 }, 'crm_contact_refused', limits.refusals],
  ])(
    '%s: ends among the dead letters as it was, and the next of its contact has its turn',
    async (...given) => {
      const [, fault, code, failures] = given;
      const id = newContact();
      test.encharge.faults.inject({ ...fault, pathContains: id });
      await webhook(test, 'encharge', 'add', id, { async: 'true', role: 'editor' });
      await webhook(test, 'encharge', 'add', id, { async: 'true' });
      const first = await nextTry();
      if (!first) throw new Error('No job was queued.');
      await wake(test, first);

      const lines = await tryUntilGone();
      expect(lines.map(({ error_code }) => error_code)).toEqual(lines.map(() => code));
      expect(lines.map(({ result }) => result)).toEqual([...lines.slice(1).map(() => 'failed'), 'given_up']);
      // The first failure is put down to the CRM, if it may be the CRM's.
      expect(lines).toHaveLength(code === 'crm_unavailable' ? failures + 1 : failures);
      const dead = await takeDeadLetter();
      expect(dead?.Body).toBe(first.Body);
      expect(dead?.Attributes).toMatchObject({
        MessageGroupId: first.Attributes?.MessageGroupId,
        MessageDeduplicationId: first.Attributes?.MessageDeduplicationId,
      });

      test.encharge.faults.clear();
      const second = await nextTry();
      expect(second?.Body).not.toBe(first.Body);
      expect(await handle(test, second ? [second] : [])).toEqual([]);
      expect((await test.userOf('encharge', id))?.role).toBe('subscriber');
      if (second) await remove(test, test.stack.queueUrl, second);
    },
  );

  it('or is too old for another try: however few it had', async () => {
    const id = newContact();
    test.encharge.faults.inject({ status: 500, pathContains: id });
    await webhook(test, 'encharge', 'add', id, { async: 'true' });
    const lines = await tryUntilGone((limits.ageSeconds * 1000) / 3);
    expect(lines.map(({ result }) => result)).toEqual(['failed', 'failed', 'failed', 'given_up']);
    expect(JSON.parse(String((await takeDeadLetter())?.Body))).toMatchObject({
      action: 'add',
      contactId: id,
    });
  });

  it('is in both queues when the function dies between the two, and once among the dead letters in the end', async () => {
    const id = newContact();
    test.encharge.faults.inject({ status: 500, pathContains: id });
    await webhook(test, 'encharge', 'add', id, { async: 'true' });
    io.advance(limits.ageSeconds * 1000);
    const message = await nextTry();
    if (!message) throw new Error('No job was queued.');
    // Lambda deletes only after the function has answered: it has given the job up, and nobody heard of it.
    expect(await handle(test, [message])).toEqual([]);
    await wake(test, message);
    expect((await tryUntilGone()).map(({ result }) => result)).toEqual(['given_up']);
    expect(await takeDeadLetter()).toMatchObject({ Body: message.Body });
    expect(await deadLetter()).toBeUndefined();
  });

  it('stays in the queue when the dead letters cannot be written', async () => {
    const id = newContact();
    test.encharge.faults.inject({ status: 500, pathContains: id });
    await webhook(test, 'encharge', 'add', id, { async: 'true' });
    io.advance(limits.ageSeconds * 1000);
    const message = await nextTry();
    if (!message) throw new Error('No job was queued.');
    io.before = ({ service, name }) => {
      if (service === 'sqs' && name === 'SendMessage') throw new Error('down');
    };
    expect(await handle(test, [message])).toEqual([message.MessageId]);
    expect(await deadLetter()).toBeUndefined();
    io.before = undefined;
    await wake(test, message);
    expect((await tryUntilGone()).map(({ result }) => result)).toEqual(['given_up']);
    expect(await takeDeadLetter()).toMatchObject({ Body: message.Body });
  });
});

describe('a message that no further try would make a job', () => {
  it.each([
    ['no JSON', 'not a job'],
    ['nothing', ' '],
    ['JSON of another kind', '{"kind":"other"}'],
    ['a job without its contact’s connection', JSON.stringify({ ...webhookJob, connection: undefined })],
    ['a line that there is not', JSON.stringify({ ...webhookJob, lane: 'fast' })],
    ['an unknown action', JSON.stringify({ ...webhookJob, action: 'unknown' })],
  ])('%s: goes to the dead letters at once, and is an internal error', async (_name, body) => {
    await sendText(test, body, `group of ${body}`);
    const lines = await tryUntilGone();
    expect(lines).toMatchObject([{ result: 'given_up', error_code: 'internal_error', action: 'unknown' }]);
    expect((await takeDeadLetter())?.Body).toBe(body);
  });

  it.each([
    ['an action that is never queued', { action: 'test' as const }],
    ['a connection that is not configured any more', { connection: 'gone' }],
    ['an add without a contact', { action: 'add' as const, contactId: undefined }],
  ])('but %s may be a mistake that is mended: it has all its tries', async (_name, change) => {
    const job = { ...webhookJob, ...change, createdAt: io.now().toISOString() };
    await sendText(test, JSON.stringify(job), `group of ${JSON.stringify(job)}`);
    const lines = await tryUntilGone();
    const isRefused = job.action === 'add';
    expect(lines).toHaveLength(isRefused ? 1 : limits.failures);
    expect(lines.at(-1)).toMatchObject(
      isRefused
        ? { result: 'refused', error_code: 'contact_id_missing' }
        : { result: 'given_up', error_code: 'internal_error' },
    );
    expect((await takeDeadLetter())?.Body).toBe(isRefused ? undefined : JSON.stringify(job));
  });
});

describe('effects of a connection that is not configured any more', () => {
  it('are done as far as they can be', async () => {
    const email = newEmail();
    const id = putContact(test, 'encharge', { email, tags: [] });
    await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
    const [taken] = await takeJobs(test);
    if (taken?.job.kind !== 'effects') throw new Error('No effects were queued.');
    const user = await test.userOf('encharge', id);
    const pending = user?.effects.return_password;
    if (!user || !pending) throw new Error('No password is pending.');
    const effects = { return_password: { ...pending, connection: 'gone' } };
    await updateUser(test.users, user, { effects });
    const job: EffectsJob = { ...taken.job, connection: 'gone' };
    const message = { ...taken.message, Body: JSON.stringify(job) };
    expect(await deliver(test, { job, message })).toBe('done');
    expect((await test.userOf('encharge', id))?.effects).toEqual({});
    expect((await test.userOf('encharge', id))?.passwordHash).toBeUndefined();
    expect(mailsTo(test, email)).toHaveLength(1);
  });
});
