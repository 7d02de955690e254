import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { usersWithTag } from '../../functions/users/list.ts';
import { updateUser } from '../../functions/users/update.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, existingUser, newContact, newEmail, newUser } from './contacts.ts';

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

type Given = { parameter?: string; inCrm?: string };
const draftOf = ({ inCrm }: Given) => (inCrm === undefined ? {} : { custom: { user_role: inCrm } });

const queryOf = ({ parameter }: Given): Record<string, string> =>
  parameter === undefined ? {} : { role: parameter };

describe('the role of a new user', () => {
  const cases: [string, Given, string, string[]][] = [
    ['none given: the default', {}, 'subscriber', []],
    ['the parameter, by display name', { parameter: 'Customer' }, 'customer', []],
    ['the CRM field comes before the parameter', { inCrm: 'editor', parameter: 'customer' }, 'editor', []],
    ['an empty CRM field does not', { inCrm: ' ', parameter: 'customer' }, 'customer', []],
    ['an unregistered one: the default and a warning', { parameter: 'boss' }, 'subscriber', ['role_unknown']],
    ['a privileged one is never given', { parameter: 'administrator' }, 'subscriber', ['role_privileged']],
    ['nor from the CRM', { inCrm: 'administrator' }, 'subscriber', ['role_privileged']],
  ];

  it.each(cases)('%s', async (_name, given, role, warnings) => {
    const id = newContact(test, crm, draftOf(given));
    const answer = await webhook(test, crm, 'add', id, queryOf(given));
    expect(answer.body.data).toMatchObject({ result: 'created', warnings });
    expect(await test.userOf(crm, id)).toMatchObject({ role });
  });
});

describe('the role of an existing user', () => {
  const cases: [string, string, Given, string, string[]][] = [
    ['none given: it stays', 'editor', {}, 'editor', []],
    ['the CRM field', 'editor', { inCrm: 'Customer' }, 'customer', []],
    [
      'the CRM field before the parameter',
      'editor',
      { inCrm: 'customer', parameter: 'subscriber' },
      'customer',
      [],
    ],
    ['an unregistered one: it stays', 'editor', { parameter: 'boss' }, 'editor', ['role_unknown']],
    ['a privileged one: it stays', 'editor', { parameter: 'administrator' }, 'editor', ['role_privileged']],
    [
      'of an administrator: it stays',
      'administrator',
      { parameter: 'customer' },
      'administrator',
      ['role_privileged'],
    ],
    ['nor by the CRM field', 'administrator', { inCrm: 'customer' }, 'administrator', ['role_privileged']],
  ];

  it.each(cases)('%s (was %s)', async (_name, before, given, role, warnings) => {
    const { id } = await newUser(test, crm);
    await test.idle();
    await updateUser(test.users, await existingUser(test, crm, id), { role: before });
    changeContact(test, crm, id, draftOf(given));
    for (const action of ['update', 'add']) {
      const answer = await webhook(test, crm, action, id, queryOf(given));
      expect([answer.status, answer.body.data.warnings]).toEqual([200, warnings]);
      expect(await test.userOf(crm, id)).toMatchObject({ role });
    }
  });
});
