import { expect, it } from '@jest/globals';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, existingUser, newEmail, newUser } from './contacts.ts';

useTestStack({ config: withoutPasswords });

it("writes the contact's tags", async () => {
  const { id, user } = await newUser(test, crm, { tags: ['a', 'b'] });
  changeContact(test, crm, id, { tags: ['b', 'c'] });
  const answer = await webhook(test, crm, 'update_tags', id);
  expect(answer.body.data).toEqual({
    user_id: user.id,
    method: 'update_tags',
    result: 'updated',
    contact_id: id,
    warnings: [],
  });
  expect(await test.userOf(crm, id)).toMatchObject({ tags: ['b', 'c'] });
});

it('and nothing else: neither address nor names, fields, role', async () => {
  const { id } = await newUser(test, crm, { firstName: 'Ada', custom: { score: 1 } });
  await test.idle();
  const before = await existingUser(test, crm, id);
  changeContact(test, crm, id, {
    email: newEmail(),
    firstName: 'Augusta',
    tags: ['new'],
    custom: { score: 2, user_role: 'editor', birthday: 'no date' },
  });
  const answer = await webhook(test, crm, 'update_tags', id, {
    role: 'customer',
    send_notification: 'true',
  });
  expect(answer.body.data).toMatchObject({ result: 'updated', warnings: [] });
  const after = await existingUser(test, crm, id);
  expect(after).toEqual({ ...before, tags: ['new'], version: before.version + 1, updated: after.updated });
});

it('writes nothing when the tags are the same, and says so', async () => {
  const { id } = await newUser(test, crm, { tags: ['a', 'b'] });
  await test.idle();
  const before = await existingUser(test, crm, id);
  changeContact(test, crm, id, { firstName: 'Changed', tags: ['b', 'a'] });
  expect((await webhook(test, crm, 'update_tags', id)).body.data.result).toBe('unchanged');
  expect(await test.userOf(crm, id)).toEqual({ ...before, looks: 1 });
});
