import { describe, expect, it } from '@jest/globals';
import { contactKey, emailKey, type Key, loginKey, tagKey, userItem } from '../../functions/users/items.ts';
import { countTry } from '../../functions/users/tries.ts';
import type { User } from '../../functions/users/user.ts';
import { put, remove, table, useTable } from './store.ts';
import { allItems, inconsistencies } from './table-state.ts';
import { named, person, problems, repairs } from './verified-table.ts';

useTable('each');

type Planted = [kind: string, key: Key, userId: string];

describe('what is wrong with the index', () => {
  const ghost = 'nobody-at-all';

  it.each<[string, (user: User) => Promise<Planted>]>([
    [
      'an address of no user',
      async () => {
        await put({ ...emailKey('ghost@example.com'), userId: ghost });
        return ['orphan', emailKey('ghost@example.com'), ghost];
      },
    ],
    [
      'a username that its user does not have',
      async ({ id }) => {
        await put({ ...loginKey('formerly'), userId: id });
        return ['orphan', loginKey('formerly'), id];
      },
    ],
    [
      'a contact link that its user does not have',
      async ({ id }) => {
        await put({ ...contactKey('encharge', 'another'), userId: id });
        return ['orphan', contactKey('encharge', 'another'), id];
      },
    ],
    [
      'a tag member without user',
      async () => {
        await put({ ...tagKey('a', ghost), tag: 'a' });
        return ['orphan', tagKey('a', ghost), ghost];
      },
    ],
    [
      'a tag member whose user does not have the tag',
      async ({ id }) => {
        await put({ ...tagKey('c', id), tag: 'c' });
        return ['orphan', tagKey('c', id), id];
      },
    ],
    [
      'a missing address',
      async ({ id, email }) => {
        await remove(emailKey(email));
        return ['missing', emailKey(email), id];
      },
    ],
    [
      'a missing username',
      async ({ id, login }) => {
        await remove(loginKey(login));
        return ['missing', loginKey(login), id];
      },
    ],
    [
      'a missing contact link',
      async ({ id, contacts }) => {
        await remove(contactKey('encharge', String(contacts['encharge'])));
        return ['missing', contactKey('encharge', String(contacts['encharge'])), id];
      },
    ],
    [
      'a missing tag member',
      async ({ id }) => {
        await remove(tagKey('b', id));
        return ['missing', tagKey('b', id), id];
      },
    ],
    [
      'a tag member without its tag',
      async ({ id }) => {
        await put(tagKey('b', id));
        return ['missing', tagKey('b', id), id];
      },
    ],
  ])('%s is found and repaired', async (_name, plant) => {
    await person();
    const [kind, key, userId] = await plant(await person());
    expect(await inconsistencies(table)).not.toEqual([]);
    expect(named(await problems())).toEqual([{ kind, pk: key.pk, userId }]);
    expect(await repairs()).toEqual(['repaired']);
    expect(await inconsistencies(table)).toEqual([]);
    expect(await problems()).toEqual([]);
  });

  it('an address of a user that names nobody is given to the user', async () => {
    const { id, email } = await person();
    await put({ ...emailKey(email), userId: ghost });
    // Seen from both sides.
    expect(named(await problems())).toEqual(
      expect.arrayContaining([
        { kind: 'misdirected', pk: emailKey(email).pk, userId: id },
        { kind: 'orphan', pk: emailKey(email).pk, userId: ghost },
      ]),
    );
    await repairs();
    expect(await problems()).toEqual([]);
    expect(await inconsistencies(table)).toEqual([]);
  });

  it('two users of one address are left to a person', async () => {
    const [first, second] = [await person(), await person()];
    await put(userItem({ ...second, email: first.email }));
    const before = await allItems(table);
    const found = await problems();
    expect(named(found)).toEqual(
      expect.arrayContaining([
        { kind: 'clash', pk: emailKey(first.email).pk, userId: second.id },
        { kind: 'orphan', pk: emailKey(second.email).pk, userId: second.id },
      ]),
    );
    expect((await repairs()).sort()).toEqual(['remains', 'repaired']);
    expect(await allItems(table)).toHaveLength(before.length - 1);
    expect(named(await problems())).toMatchObject([{ kind: 'clash' }]);
  });

  it('a claim that names nobody at all is left to a person too', async () => {
    const { email } = await person();
    await put(emailKey(email));
    expect((await problems()).map(({ kind }) => kind).sort()).toEqual(['clash', 'unknown']);
    expect(await repairs()).toEqual(['remains']);
  });

  it('counts of tries are in order', async () => {
    await person();
    const limit = { subject: ['login', 'somebody'], what: ['any'], most: 5, seconds: 60 };
    expect(await countTry(table, [limit])).toHaveProperty('giveBack');
    expect(await problems()).toEqual([]);
  });

  it('items of no kind are named, and whoever cannot be read keeps what it has', async () => {
    const { id: _id, ...broken } = userItem(await person());
    await put(broken);
    await put({ pk: 'BASKET#7', sk: 'ITEM' });
    expect(await problems()).toEqual(
      expect.arrayContaining([
        { kind: 'unknown', key: { pk: 'BASKET#7', sk: 'ITEM' } },
        { kind: 'unknown', key: { pk: broken['pk'], sk: 'USER' } },
      ]),
    );
    const before = await allItems(table);
    expect(await repairs()).toEqual([]);
    expect(await allItems(table)).toEqual(before);
  });
});
