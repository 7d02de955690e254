import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { usersWithTag } from '../../functions/users/list.ts';
import { updateUser } from '../../functions/users/update.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, existingUser, newUser } from './contacts.ts';

useTestStack({ config: withoutPasswords });

async function holders(tag: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of usersWithTag(test.users, tag)) ids.push(id);
  return ids;
}

const sorted = (tags: readonly string[]) => [...tags].sort();

const changes: [string, string[], string[], string[]][] = [
  ['some more, some fewer', ['a', 'b'], ['b', 'c'], ['b', 'c']],
  ['all of them gone', ['a', 'b'], [], []],
  ['the first ones', [], ['a'], ['a']],
  ['in another case they are others', ['vip'], ['VIP', 'Vip'], ['VIP', 'Vip']],
  ['that differ by normal form are one', ['a'], ['Ka\u0308ufer', 'Käufer'], ['Käufer']],
];

it.each(changes)('%s', async (_name, before, inCrm, after) => {
  const { id, user } = await newUser(test, crm, { tags: before });
  expect(user.tags).toEqual(sorted(before));
  changeContact(test, crm, id, { tags: inCrm });
  expect((await webhook(test, crm, 'update_tags', id)).body.data.result).toBe('updated');
  expect((await existingUser(test, crm, id)).tags).toEqual(sorted(after));
  expect((await webhook(test, crm, 'update_tags', id)).body.data.result).toBe('unchanged');
});

it.each(['update_tags', 'update', 'add'])('by %s', async (action) => {
  const { id } = await newUser(test, crm, { tags: ['a', 'b'] });
  changeContact(test, crm, id, {
    tags: [' b ', 'c', '', 'c'],
  });
  expect((await webhook(test, crm, action, id)).body.data.result).toBe('updated');
  expect((await existingUser(test, crm, id)).tags).toEqual(['b', 'c']);
});

it('a tag that was given here only is taken', async () => {
  const { id } = await newUser(test, crm, { tags: ['a'] });
  await test.idle();
  await updateUser(test.users, await existingUser(test, crm, id), {
    tags: { added: ['local'], removed: [] },
  });
  await webhook(test, crm, 'update_tags', id);
  expect((await existingUser(test, crm, id)).tags).toEqual(['a']);
});

it('the list of who has a tag follows', async () => {
  const [kept, dropped, added] = [randomUUID(), randomUUID(), randomUUID()];
  const { id, user } = await newUser(test, crm, { tags: [kept, dropped] });
  changeContact(test, crm, id, { tags: [kept, added] });
  await webhook(test, crm, 'update_tags', id);
  expect(await Promise.all([kept, dropped, added].map(holders))).toEqual([[user.id], [], [user.id]]);
});
