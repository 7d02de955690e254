import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import type { User } from '../../functions/users/user.ts';
import { eraseUser } from '../../lib/commands/support/erase-user.ts';
import { beforeWrite } from '../support/hold.ts';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { mailsTo, newEmail, putContact } from './contacts.ts';
import { inconsistencies, itemsNaming } from './table-state.ts';
import { drain, workDuring } from './work.ts';

const io = createIo();
useTestStack({ withPoller: false, adjust: io.adjust });
afterEach(() => {
  io.before = undefined;
});

const erase = ({ id }: Pick<User, 'id'>) => eraseUser(test.users, id, { random: secureRandom, sleep });
const tags = (count: number) => Array.from({ length: count }, (_, number) => `tag ${number}`);

/** A new contact with a user, and a change of the contact that the next webhook has to write. */
async function changedContact(): Promise<{ id: string; email: string; user: User }> {
  const email = newEmail();
  const id = putContact(test, 'encharge', { email, tags: tags(120) });
  await webhook(test, 'encharge', 'add', id);
  await webhook(test, 'encharge', 'update', id);
  const user = await test.userOf('encharge', id);
  if (!user) throw new Error('There is no user.');
  putContact(test, 'encharge', { email, tags: [...tags(250), 'new'], city: 'Paris' }, id);
  return { id, email, user };
}

describe('a user erased among many webhooks', () => {
  it('leaves nothing without a user', async () => {
    const email = newEmail();
    const id = putContact(test, crm, { email, tags: tags(100) });
    await webhook(test, crm, 'add', id);
    await drain(test, io);
    const user = await test.userOf(crm, id);
    await workDuring(test, io, async () => {
      const sent: Promise<unknown>[] = [];
      for (let count = 0; count < 10; count += 1) {
        putContact(test, crm, { email, tags: [...tags(100 - count), `only ${count}`] }, id);
        sent.push(
          webhook(test, crm, count % 2 ? 'update' : 'update_tags', id, count % 5 ? {} : { async: 'true' }),
        );
        if (count === 5 && user) sent.push(erase(user));
      }
      await Promise.all(sent);
    });
    if (user) await erase(user);
    expect(await itemsNaming(test.users, [String(user?.id), email])).toEqual([]);
    expect(await inconsistencies(test.users)).toEqual([]);
  });
});

describe('a user erased while a webhook is at work', () => {
  it.each([
    ['update', 1],
    ['update', 2],
    ['update_tags', 1],
  ])('%s, before its write %i: is gone, and the webhook finds no user', async (action, nth) => {
    const { id, email, user } = await changedContact();
    beforeWrite(io, nth, () => erase(user));
    const answer = await webhook(test, 'encharge', action, id);
    expect(io.before).toBeUndefined();
    expect(answer.body).toMatchObject({ success: false, error: { code: 'user_not_found' } });
    expect(await itemsNaming(test.users, [user.id, id, email])).toEqual([]);
  });

  it.each([1, 2])('before write %i of add: is another user afterwards', async (nth) => {
    const { id, user } = await changedContact();
    beforeWrite(io, nth, () => erase(user));
    const answer = await webhook(test, 'encharge', 'add', id);
    expect(answer.body.data.result).toBe('created');
    expect(answer.body.data.user_id).not.toBe(user.id);
    expect(await itemsNaming(test.users, [user.id])).toEqual([]);
    expect((await test.userOf('encharge', id))?.tags).toHaveLength(251);
    expect(await inconsistencies(test.users)).toEqual([]);
  });
});

describe('a webhook that comes while a user is being erased', () => {
  it.each([1, 2])('before write %i of the erasing: does not keep it alive', async (nth) => {
    const { id, email, user } = await changedContact();
    beforeWrite(io, nth, () => webhook(test, 'encharge', 'update', id));
    expect(await erase(user)).toBe(255);
    expect(io.before).toBeUndefined();
    expect(await itemsNaming(test.users, [user.id, id, email])).toEqual([]);
  });
});

describe('after a user was erased', () => {
  it('its effects end without a mail, and a later add makes a new user', async () => {
    const email = newEmail();
    const id = putContact(test, 'encharge', { email, tags: ['a'] });
    await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
    const user = await test.userOf('encharge', id);
    expect(Object.keys(user?.effects ?? {})).toHaveLength(2);
    const jobs = await takeJobs(test);
    const job = jobs.find((taken) => taken.job.kind === 'effects' && taken.job.userId === user?.id);
    if (!user || !job) throw new Error('No effects were queued.');
    await erase(user);

    // As early as this, the user may still be on its way.
    expect(await deliver(test, job)).toBe('failed');
    io.advance(3 * 60_000);
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
    expect(test.log.at(-1)).toMatchObject({ user_id: user.id, result: 'user_not_created' });
    expect(mailsTo(test, email)).toEqual([]);
    expect(test.encharge.people.get(id)?.fields['wp_password']).toBeUndefined();

    const answer = await webhook(test, 'encharge', 'add', id);
    expect(answer.body.data.result).toBe('created');
    expect(await test.userOf('encharge', id)).toMatchObject({
      id: answer.body.data.user_id,
      email,
      tags: ['a'],
      version: 1,
    });
    expect(answer.body.data.user_id).not.toBe(user.id);
    expect(await inconsistencies(test.users)).toEqual([]);
  });
});
