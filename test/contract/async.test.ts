import { expect, it } from '@jest/globals';
import { takeJobs, workOff } from '../support/jobs.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, webhook } from '../support/webhook.ts';
import { patient } from './configs.ts';
import { changeContact, existingUser, newContact, newEmail, newUser } from './contacts.ts';

useTestStack({ config: patient, withPoller: false });

/** Sends with `async`, and applies from the queue. Answers the job's line in the log. */
async function viaQueue(action: string, id: string, query = {}) {
  const answer = await webhook(test, crm, action, id, { async: 'true', ...query });
  expect(answer.status).toBe(202);
  const { job_id } = answer.body.data;
  expect(answer.body.data).toEqual({ method: action, result: 'queued', job_id, reason: 'async' });
  await workOff(test);
  return test.log.find((line) => line['message'] === 'job' && line['job_id'] === job_id);
}

it('answers before the CRM was asked', async () => {
  const id = newContact(test, crm);
  test[crm].requests.clear();
  const answer = await webhook(test, crm, 'add', id, { async: 'true' });
  expect(answer.status).toBe(202);
  expect(test[crm].requests.count()).toBe(0);
  expect(await test.userOf(crm, id)).toBeUndefined();
  await workOff(test);
});

it('add: the job creates the user, with role, password and welcome mail; the log says so', async () => {
  const email = newEmail();
  const id = newContact(test, crm, { email, tags: ['a'] });
  const line = await viaQueue('add', id, { role: 'editor', send_notification: 'true' });
  const user = await existingUser(test, crm, id);
  expect(user).toMatchObject({ email, role: 'editor', tags: ['a'], effects: {} });
  expect(user.passwordHash).toBeDefined();
  expect(line).toMatchObject({
    action: 'add',
    connection: crm,
    result: 'created',
    contact_id: id,
    user_id: user.id,
  });
  expect(test.ses.mails.filter(({ to }) => to.includes(email))).toHaveLength(1);
});

it.each(['update', 'update_tags', 'add'])('%s: the job updates the user; the log says so', async (action) => {
  const { id, user } = await newUser(test, crm, { tags: ['old'] });
  changeContact(test, crm, id, { tags: ['new'] });
  const line = await viaQueue(action, id);
  expect(line).toMatchObject({ action, result: 'updated', contact_id: id, user_id: user.id });
  expect(await test.userOf(crm, id)).toMatchObject({ tags: ['new'] });
  expect(await viaQueue(action, id)).toMatchObject({ result: 'unchanged' });
});

it('update by e-mail alone', async () => {
  const { id, user } = await newUser(test, crm, { tags: ['old'] });
  changeContact(test, crm, id, { tags: ['new'] });
  await request(test, {
    query: { wpf_action: 'update', access_key: keyOf(test), email: user.email, async: '1' },
  });
  await workOff(test);
  expect(await test.userOf(crm, id)).toMatchObject({ tags: ['new'] });
});

it.each([
  ['user_not_found', 'update', () => newContact(test, crm)],
  ['email_missing', 'add', () => newContact(test, crm, { email: null })],
])('a permanent refusal is told to the log and not tried again: %s', async (error_code, action, contact) => {
  expect(await viaQueue(action, contact())).toMatchObject({
    result: 'refused',
    error_code,
    attempt: 1,
  });
  expect(await takeJobs(test)).toEqual([]);
});

it('warnings of the job are in the log', async () => {
  const id = newContact(test, crm, { custom: { birthday: 'someday' } });
  const line = await viaQueue('add', id, { role: 'boss' });
  expect(line).toMatchObject({ result: 'created', warnings: ['field_invalid:birthday', 'role_unknown'] });
});

it('what is wrong with the webhook itself is answered at once', async () => {
  const query = { async: 'true' };
  expect((await webhook(test, crm, 'remove', '1', query)).body.error.code).toBe('unknown_action');
  expect((await webhook(test, crm, 'delete', '1', query)).body.error.code).toBe('action_not_allowed');
  expect((await webhook(test, crm, 'add', '1', { async: 'soon' })).body.error.code).toBe('invalid_parameter');
  expect((await webhook(test, crm, 'add', '1', { ...query, access_key: 'x' })).status).toBe(403);
  expect(await takeJobs(test)).toEqual([]);
});
