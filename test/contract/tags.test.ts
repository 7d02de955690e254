import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { usersWithTag } from '../../functions/users/list.ts';
import { updateUser } from '../../functions/users/update.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, existingUser, newUser } from './contacts.ts';

const crm = 'encharge';

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: withoutPasswords });
});
afterAll(() => test.stop());

async function holders(tag: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of usersWithTag(test.users, tag)) ids.push(id);
  return ids;
}

const sorted = (tags: readonly string[]) => [...tags].sort();
const many = Array.from({ length: 150 }, (_, index) => `tag ${String(index).padStart(3, '0')}`);

describe('tags become exactly the CRM’s', () => {
  const changes: [string, string[], string[], string[]][] = [
    ['some more, some fewer', ['a', 'b'], ['b', 'c'], ['b', 'c']],
    ['trimmed', ['a'], ['  VIP customer ', '\tb\t'], ['VIP customer', 'b']],
    ['each once', ['a'], ['b', 'b', ' b '], ['b']],
    ['empty ones dropped', ['a'], [' ', 'b', '\t'], ['b']],
    ['all of them gone', ['a', 'b'], [], []],
    ['nothing but empty ones', ['a', 'b'], [' '], []],
    ['the first ones', [], ['a'], ['a']],
    ['in another case they are others', ['vip'], ['VIP', 'Vip'], ['VIP', 'Vip']],
    ['of any script', ['a'], ['Käufer', '顧客', 'عميل', '🎈 party'], ['Käufer', '顧客', 'عميل', '🎈 party']],
    [
      'that mean something elsewhere',
      ['#hash'],
      ['#x', 'a/b', '__proto__', 'constructor', '100%', 'k=v&w', '"q"', "it's", 'back\\slash', '<i>tag</i>'],
      ['#x', 'a/b', '__proto__', 'constructor', '100%', 'k=v&w', '"q"', "it's", 'back\\slash', '<i>tag</i>'],
    ],
    ['that differ by normal form are one', ['a'], ['Ka\u0308ufer', 'Käufer'], ['Käufer']],
    ['more than one transaction holds', many.slice(0, 120), many.slice(30), many.slice(30)],
    ['long ones', ['a'], ['t'.repeat(250), 'ü'.repeat(700)], ['t'.repeat(250), 'ü'.repeat(700)]],
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
      tags: [' b ', 'c', '', 'c'].filter((tag) => crm === 'encharge' || tag !== ''),
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
});
