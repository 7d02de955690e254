import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { noteSecret } from '../support/leaks.ts';
import { forgetPace } from '../support/pace.ts';
import { patientConfig } from '../support/patient-config.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { keyOf, request, type WebhookAnswer, webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';

const io = createIo();
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
beforeEach(() => {
  for (const crm of ['encharge', 'userengage'] as const) store(crm, [keyOf(test, crm)]);
  io.revive();
  io.clear();
});

/** Stores a connection's keys anew, with its token unless there is another. */
function store(crm: TestedCrm, accessKeys: string[], apiToken = test[crm].token): void {
  for (const key of accessKeys) noteSecret(key);
  test.stack.setSecret(crm, { accessKeys, apiToken });
}

const newKey = () => randomBytes(24).toString('base64url');

/** A webhook that gets as far as the user table with a valid key, and no further. */
const knock = (accessKey: string): Promise<WebhookAnswer> =>
  request(test, { query: { wpf_action: 'update', access_key: accessKey, contact_id: '4711' } });

const isValid = async (accessKey: string) => {
  const { status, body } = await knock(accessKey);
  expect(['user_not_found', 'invalid_access_key']).toContain(body.error.code);
  return status === 200;
};

const secretsRead = () => io.count('secretsmanager');
const secondsLater = (seconds: number) => io.advance(seconds * 1000);
const minutesLater = (minutes: number) => secondsLater(minutes * 60);

describe('keys in Secrets Manager', () => {
  it('may be rotated: old and new are valid at once, then the new one only', async () => {
    const [old, next] = [keyOf(test, 'encharge'), newKey()];
    expect(await isValid(old)).toBe(true);
    store('encharge', [old, next]);
    secondsLater(10);
    expect([await isValid(next), await isValid(old)]).toEqual([true, true]);

    store('encharge', [next]);
    // Known keys are looked up again after five minutes at the latest.
    minutesLater(5);
    expect([await isValid(old), await isValid(next)]).toEqual([false, true]);
  });
});

describe('when Secrets Manager does not answer', () => {
  const down = () => {
    io.before = ({ service }) => {
      if (service === 'secretsmanager') throw Object.assign(new Error('down'), { $metadata: {} });
    };
  };

  it('a key that was revoked an hour ago is not accepted, and no sender drops a webhook for it', async () => {
    const [revoked, left] = [keyOf(test, 'encharge'), newKey()];
    store('encharge', [revoked, left]);
    expect(await isValid(revoked)).toBe(true);
    store('encharge', [left]);
    down();
    minutesLater(30);
    expect(await isValid(revoked)).toBe(true);
    minutesLater(30);
    for (const key of [revoked, left]) {
      const answer = await knock(key);
      expect([answer.status, answer.body.error.code]).toEqual([503, 'unavailable']);
    }
    io.before = undefined;
    secondsLater(1);
    expect([await isValid(left), await isValid(revoked)]).toEqual([true, false]);
  });
});

describe('a token that the CRM refuses', () => {
  it('is looked up again, so that a job that waited for it goes through', async () => {
    const id = putContact(test, 'encharge', { email: newEmail(), tags: ['waited'] });
    store('encharge', [keyOf(test, 'encharge')], 'an-old-token-that-is-revoked');
    const answer = await webhook(test, 'encharge', 'add', id);
    expect(answer.status).toBe(202);
    expect(test.log.at(-1)).toMatchObject({ deferred_by: 'crm_credentials_rejected' });

    store('encharge', [keyOf(test, 'encharge')]);
    const job = (await takeJobs(test)).find(({ job: { contactId } }) => contactId === id);
    if (!job) throw new Error('No job was queued.');
    secondsLater(9);
    expect(await deliver(test, job)).toBe('failed');
    expect(secretsRead()).toBe(2);
    secondsLater(1);
    await forgetPace(test);
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
    expect(secretsRead()).toBe(4);
    expect(await test.userOf('encharge', id)).toMatchObject({ tags: ['waited'] });

    // The new one is trusted again.
    secondsLater(60);
    expect((await webhook(test, 'encharge', 'update', id)).status).toBe(200);
    expect(secretsRead()).toBe(4);
  });

  it('that was never stored makes webhooks wait as well', async () => {
    store('encharge', [keyOf(test, 'encharge')], '');
    const id = putContact(test, 'encharge', { email: newEmail(), tags: ['waited'] });
    expect((await webhook(test, 'encharge', 'add', id)).status).toBe(202);
    expect(test.log.at(-1)).toMatchObject({ deferred_by: 'crm_credentials_rejected' });
    expect(io.count('crm')).toBe(0);
    store('encharge', [keyOf(test, 'encharge')]);
    minutesLater(6);
    for (const job of await takeJobs(test)) expect(await deliver(test, job)).toBe('done');
    expect(await test.userOf('encharge', id)).toMatchObject({ tags: ['waited'] });
  });
});
