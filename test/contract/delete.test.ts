import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { allItems, inconsistencies } from '../integration/table-state.ts';
import { takeJobs, workOff } from '../support/jobs.ts';
import { crm, startTestStack, type TestStack } from '../support/test-stack.ts';
import { keyOf, request, webhook } from '../support/webhook.ts';
import { withConnections, withoutPasswords } from './configs.ts';
import { changeContact, type crms, existingUser, newContact, newEmail, newUser } from './contacts.ts';

const gone = 'Account: delete';
const deleting = withConnections(({ returnPassword: _none, ...connection }) => ({
  ...connection,
  deleteWhen: gone,
}));

let test: TestStack;
let off: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: deleting, withPoller: false });
  off = await startTestStack({ config: withoutPasswords, withPoller: false });
});
afterAll(async () => {
  for (const stack of [test, off]) {
    expect(await inconsistencies(stack.users)).toEqual([]);
    await stack.stop();
  }
});

type Crm = (typeof crms)[number];

/** Everything in the table that is about a user. */
const itemsOf = async ({ id }: User) =>
  (await allItems(test.users)).filter((item) => JSON.stringify(item).includes(id));

/** A user whose contact has the tag by now. */
async function confirmed(draft: Parameters<typeof newUser>[2] = {}) {
  const made = await newUser(test, crm, draft);
  changeContact(test, crm, made.id, { tags: [...(draft.tags ?? []), gone] });
  return made;
}

const removed = (crm: Crm, id: string, query: Record<string, string> = {}) =>
  webhook(test, crm, 'delete', id, query);

/** A user with contacts of both CRMs. */
async function shared() {
  const other = 'userengage';
  const email = newEmail('shared');
  const { id, user } = await confirmed({ email, tags: ['a'] });
  const theirs = newContact(test, other, { email, tags: ['b'] });
  await webhook(test, other, 'add', theirs);
  return { id, user, other, theirs } as const;
}

describe('delete', () => {
  it('is off, unless the connection says what confirms it', async () => {
    const { id, user } = await newUser(off, crm, { tags: [gone] });
    off[crm].requests.clear();
    for (const query of [{}, { async: 'true' }]) {
      const { status, body } = await webhook(off, crm, 'delete', id, query);
      expect([status, body.success, body.error.code]).toEqual([400, false, 'action_not_allowed']);
    }
    expect(off[crm].requests.count()).toBe(0);
    expect(await takeJobs(off)).toEqual([]);
    expect(await off.userOf(crm, id)).toEqual(user);
  });

  it('deletes nobody whose contact does not have the tag', async () => {
    const { id, user } = await newUser(test, crm, { tags: ['customer', gone.toLowerCase(), `${gone}d`] });
    const { status, body } = await removed(crm, id);
    expect([status, body.data]).toEqual([
      200,
      { user_id: user.id, method: 'delete', result: 'unchanged', contact_id: id, warnings: [] },
    ]);
    const { id: userId, version, tags } = user;
    expect(await test.userOf(crm, id)).toMatchObject({ id: userId, version, tags });
  });

  it('deletes the user with every item, and nobody else', async () => {
    const { id: bystander, user: stays } = await newUser(test, crm, { tags: ['customer', gone] });
    const { id, user } = await confirmed({ tags: ['customer', 'b', 'c'] });
    expect((await itemsOf(user)).length).toBeGreaterThanOrEqual(7);
    const { status, body } = await removed(crm, id);
    expect([status, body.data]).toEqual([
      200,
      { user_id: user.id, method: 'delete', result: 'deleted', contact_id: id, warnings: [] },
    ]);
    expect(await itemsOf(user)).toEqual([]);
    expect(await inconsistencies(test.users)).toEqual([]);
    expect(await test.userOf(crm, bystander)).toEqual(stays);
  });

  it('does nothing the second time, and an add makes a new user', async () => {
    const { id, user } = await confirmed();
    await removed(crm, id);
    test[crm].requests.clear();
    const { status, body } = await removed(crm, id);
    expect([status, body.data]).toEqual([
      200,
      { method: 'delete', result: 'unchanged', contact_id: id, warnings: [] },
    ]);
    changeContact(test, crm, id, { tags: [] });
    await webhook(test, crm, 'add', id);
    const made = await existingUser(test, crm, id);
    expect([made.id === user.id, made.email]).toEqual([false, user.email]);
  });

  it('takes off only its own contact from a user whom another connection has', async () => {
    const { id, user, other, theirs } = await shared();
    expect((await removed(crm, id)).body.data).toEqual({
      user_id: user.id,
      method: 'delete',
      result: 'updated',
      contact_id: id,
      warnings: [],
    });
    expect(await test.userOf(crm, id)).toBeUndefined();
    const { contacts, email } = await existingUser(test, other, theirs);
    expect([contacts, email]).toEqual([{ [other]: theirs }, user.email]);
    expect((await removed(crm, id)).body.data).toMatchObject({ result: 'unchanged' });
    changeContact(test, other, theirs, { tags: [gone] });
    expect((await removed(other, theirs)).body.data).toMatchObject({ result: 'deleted', user_id: user.id });
    expect(await itemsOf(user)).toEqual([]);
  });

  it('leaves a privileged user, whoever else has it, and says so', async () => {
    const alone = await confirmed();
    const { id, user, other, theirs } = await shared();
    const untagged = await newUser(test, crm);
    for (const one of [alone.id, id, untagged.id])
      await updateUser(test.users, await existingUser(test, crm, one), { role: 'administrator' });
    for (const one of [alone, { id, user }]) {
      const { body } = await removed(crm, one.id);
      const data = { user_id: one.user.id, result: 'unchanged', warnings: ['privileged_user'] };
      expect(body.data).toMatchObject(data);
      expect(await test.userOf(crm, one.id)).toMatchObject({ id: one.user.id, role: 'administrator' });
    }
    expect(await test.userOf(other, theirs)).toMatchObject({ id: user.id });
    expect((await removed(crm, untagged.id)).body.data).toMatchObject({ result: 'unchanged', warnings: [] });
  });

  it('deletes nobody whose contact the CRM does not have, does not show, or only seems to have lost', async () => {
    const { id, user } = await confirmed();
    test[crm].faults.inject({ status: 503 });
    expect((await removed(crm, id)).body.data).toMatchObject({ result: 'queued', reason: 'crm_unavailable' });
    test[crm].faults.clear();
    test[crm].faults.inject({ kind: 'no_tags_shape' });
    expect((await removed(crm, id)).body.data).toMatchObject({
      result: 'queued',
      reason: 'crm_answer_invalid',
    });
    test[crm].faults.clear();
    test[crm].people.remove(id);
    expect((await removed(crm, id)).body.data).toMatchObject({
      result: 'queued',
      reason: 'contact_not_found',
    });
    expect(await test.userOf(crm, id)).toEqual(user);
    await takeJobs(test);
  });

  it('works from the queue, too', async () => {
    const { id, user } = await confirmed();
    const { id: other, user: stays } = await newUser(test, crm);
    for (const one of [id, other]) {
      const { status, body } = await removed(crm, one, { async: 'true' });
      expect([status, body.data.result]).toEqual([202, 'queued']);
    }
    expect(await test.userOf(crm, id)).toEqual(user);
    await workOff(test);
    expect(await itemsOf(user)).toEqual([]);
    expect(await test.userOf(crm, other)).toMatchObject({ id: stays.id });
    const lines = test.log.filter((line) => line['message'] === 'job' && line['action'] === 'delete');
    expect(
      lines
        .slice(-2)
        .map((line) => [line['contact_id'], line['result']])
        .sort(),
    ).toEqual(
      [
        [id, 'deleted'],
        [other, 'unchanged'],
      ].sort(),
    );
  });
});

describe('delete', () => {
  it('needs a contact: an address will not do', async () => {
    const { user } = await confirmed();
    const { status, body } = await request(test, {
      query: { wpf_action: 'delete', access_key: keyOf(test), email: user.email },
    });
    expect([status, body.error.code]).toEqual([400, 'contact_id_missing']);
    expect((await itemsOf(user)).length).toBeGreaterThan(0);
  });

  it('of somebody with more tags than a transaction holds leaves nothing', async () => {
    const tags = Array.from({ length: 150 }, (_, n) => `tag ${n}`);
    const { id, user } = await confirmed({ tags });
    expect((await itemsOf(user)).length).toBeGreaterThan(150);
    expect((await removed(crm, id)).body.data).toMatchObject({ result: 'deleted' });
    expect(await itemsOf(user)).toEqual([]);
  });

  it('of many in a list is a job each', async () => {
    const [first, second] = [await confirmed(), await newUser(test, 'encharge')];
    const answer = await request(test, {
      query: { wpf_action: 'delete', access_key: keyOf(test) },
      body: JSON.stringify([{ id: first.id }, { id: second.id }, { id: randomUUID() }]),
    });
    expect([answer.status, answer.body.data.job_ids.length]).toEqual([202, 3]);
    await workOff(test);
    expect(await itemsOf(first.user)).toEqual([]);
    expect(await test.userOf('encharge', second.id)).toMatchObject({ id: second.user.id });
  });
});
