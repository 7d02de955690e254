import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from '@jest/globals';
import { messageGroup } from '../../functions/jobs/job.ts';
import { takeJobs, workOff } from '../support/jobs.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { request, webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { existingUser, newContact } from './contacts.ts';

/** Encharge's ids are UUIDs, and its users may write them in capitals: whoever writes them differently means the same contact. */
useTestStack({ config: withoutPasswords, withPoller: false });
afterEach(async () => {
  await takeJobs(test);
});

const spellings = (id: string) => [id, id.toUpperCase(), ` ${id.slice(0, 8).toUpperCase()}${id.slice(8)}`];
const query = () => ({
  wpf_action: 'add',
  access_key: String(test.stack.connections['encharge']?.accessKey),
});
/** What was put into the queue: whom it is about, and the message group. */
async function queued() {
  const jobs = (await takeJobs(test)).map(({ job }) => job);
  return jobs.map((job) => [job.kind === 'webhook' && job.contactId, messageGroup(job)]);
}

it.each<[name: string, write: (ids: string[]) => unknown]>([
  ['an array body', (ids) => ids.map((id) => ({ id }))],
  ['a list within the body', (ids) => ({ endUserData: ids.map((id) => ({ id })) })],
])('a contact with capitals and without in %s is one job', async (_name, write) => {
  const [id, other] = [newContact(test, 'encharge'), randomUUID()];
  const body = JSON.stringify(write([...spellings(id), other]));
  const { status, body: answer } = await request(test, { query: query(), body });
  expect([status, answer.data.job_ids.length]).toEqual([202, 2]);
  const jobs = await queued();
  expect(jobs.map(([contactId]) => contactId).sort()).toEqual([id, other].sort());
});

it.each<[name: string, send: (id: string) => Promise<unknown>]>([
  ['the body', (id) => webhook(test, 'encharge', 'add', id, { async: 'true' })],
  ['contact_id', (id) => request(test, { query: { ...query(), contact_id: id, async: 'true' } })],
  [
    'a form',
    (id) =>
      request(test, { query: { ...query(), async: 'true' }, body: String(new URLSearchParams({ id })) }),
  ],
])('webhooks with capitals and without in %s are one contact’s, in order', async (_name, send) => {
  const id = newContact(test, 'encharge');
  for (const one of spellings(id)) await send(one);
  const [first, ...more] = await queued();
  expect(first?.[0]).toBe(id);
  // SQS keeps the others of a group back until the first is done.
  expect(more).toEqual([]);
});

it('a batch and a single webhook are one contact’s', async () => {
  const id = newContact(test, 'encharge');
  await request(test, { query: query(), body: JSON.stringify([{ id: id.toUpperCase() }]) });
  await webhook(test, 'encharge', 'update', id, { async: 'true' });
  await webhook(test, 'encharge', 'update_tags', id.toUpperCase(), { async: 'true' });
  expect(await queued()).toHaveLength(1);
});

it('applied at once or by a job, it is one user’s', async () => {
  const id = newContact(test, 'encharge');
  const { body } = await webhook(test, 'encharge', 'add', id.toUpperCase());
  expect(body.data).toMatchObject({ result: 'created', contact_id: id });
  await webhook(test, 'encharge', 'add', id.toUpperCase(), { async: 'true' });
  await workOff(test);
  const user = await existingUser(test, 'encharge', id);
  expect([user.id, user.contacts]).toEqual([body.data.user_id, { encharge: id }]);
  expect(test.log.findLast((line) => line['message'] === 'job' && line['contact_id'] === id)).toMatchObject({
    result: 'unchanged',
    user_id: user.id,
  });
});
