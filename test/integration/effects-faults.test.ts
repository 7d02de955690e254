import { describe, expect, it } from '@jest/globals';
import { verifyPassword } from '../../functions/users/password.ts';
import type { Fault } from '../../lib/sandbox/fault.ts';
import { fieldInCrm } from '../contract/contacts.ts';
import type { SesFault } from '../support/fake-ses.ts';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { forgetPace } from '../support/pace.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { mailsTo, newEmail, putContact } from './contacts.ts';

const io = createIo({ isPatient: false });
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });

async function newUser() {
  const email = newEmail();
  const id = putContact(test, crm, { email, tags: ['new'] });
  await webhook(test, crm, 'add', id, { send_notification: 'true' });
  const [job] = await takeJobs(test);
  if (!job) throw new Error('No job was queued.');
  return { id, email, job };
}

async function isPasswordInCrm(id: string): Promise<boolean> {
  const user = await test.userOf(crm, id);
  return verifyPassword(String(fieldInCrm(test, crm, id, 'wp_password')), String(user?.passwordHash));
}

const writeFaults: [name: string, fault: Fault, error: string][] = [
  ['refuses the field', { status: 400 }, 'crm_write_refused'],
  // It accepts the token for everything else.
  ['refuses the contact', { status: 401 }, 'crm_contact_refused'],
  ['is hidden by a firewall’s page', { kind: 'html_status', status: 403 }, 'crm_answer_invalid'],
  ['limits our calls', { status: 429 }, 'crm_rate_limited'],
  ['is down', { status: 503 }, 'crm_unavailable'],
  ['is down after it has written', { status: 503, applies: 'after' }, 'crm_unavailable'],
  ['resets the connection', { kind: 'reset' }, 'crm_unavailable'],
  ['resets it after it has written', { kind: 'reset', applies: 'after' }, 'crm_unavailable'],
  ['is hidden by a proxy’s page', { kind: 'html' }, 'crm_answer_invalid'],
];

describe('a password for a contact', () => {
  it.each(writeFaults)('waits while the CRM %s', async (_name, fault, error) => {
    const { id, email, job } = await newUser();
    test[crm].faults.inject({ ...fault, method: 'POST' });
    expect(await deliver(test, job)).toBe('failed');
    expect(test.log.at(-1)).toMatchObject({ action: 'effects', error_code: error });
    // The mail does not wait with it.
    expect(mailsTo(test, email)).toHaveLength(1);
    expect(Object.keys((await test.userOf(crm, id))?.effects ?? {})).toEqual(['return_password']);

    test[crm].faults.clear();
    await forgetPace(test);
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
    expect((await test.userOf(crm, id))?.effects).toEqual({});
    expect(await isPasswordInCrm(id)).toBe(true);
    expect(mailsTo(test, email)).toHaveLength(1);
  });

  it('is called off when the contact is gone, and no contact is made by it', async () => {
    const { id, job } = await newUser();
    const [user, count] = [await test.userOf(crm, id), test[crm].people.list().length];
    test[crm].people.remove(id);
    expect(await deliver(test, job)).toBe('done');
    expect((await test.userOf(crm, id))?.effects).toEqual({});
    expect(user?.effects).not.toEqual({});
    expect(test[crm].people.list()).toHaveLength(count - 1);
  });
});

const mailFaults: [fault: SesFault, error: string][] = [
  ['throttling', 'aws_unavailable'],
  ['message-rejected', 'mail_refused'],
  ['server-error', 'aws_unavailable'],
  ['connection-reset', 'aws_unavailable'],
];

describe('a welcome mail', () => {
  it.each(mailFaults)('waits while SES answers with %s', async (fault, error) => {
    const { id, email, job } = await newUser();
    test.ses.failAlways(fault);
    expect(await deliver(test, job)).toBe('failed');
    expect(test.log.at(-1)).toMatchObject({ action: 'effects', error_code: error });
    // The password does not wait with it.
    expect(await isPasswordInCrm(id)).toBe(true);
    expect(Object.keys((await test.userOf('encharge', id))?.effects ?? {})).toEqual(['welcome_mail']);

    test.ses.failAlways(undefined);
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
    expect(mailsTo(test, email)).toHaveLength(1);
    expect(await deliver(test, job, { receives: 3 })).toBe('done');
    expect(mailsTo(test, email)).toHaveLength(1);
  });
});
