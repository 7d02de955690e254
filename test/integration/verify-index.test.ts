import { describe, expect, it } from '@jest/globals';
import { deleteUser } from '../../functions/users/delete.ts';
import { findById } from '../../functions/users/find.ts';
import { contactKey, emailKey, type Key, loginKey, tagKey, userItem } from '../../functions/users/items.ts';
import { countTry } from '../../functions/users/tries.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { repairIndex } from '../../lib/verify/verify-repair.ts';
import { respellTags } from '../../lib/verify/verify-spelling.ts';
import { beforeNth, put, remove, table, useTable } from './store.ts';
import { allItems, inconsistencies } from './table-state.ts';
import { isOfIndex, named, noSleep, person, problems, repairs } from './verified-table.ts';

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

const [composed, decomposed] = ['Käufer', 'Ka\u0308ufer'];
const respell = (id: string) => respellTags(table, id, noSleep);

describe('tags as an earlier release kept them', () => {
  it.each([
    ['alone', [decomposed], [composed]],
    ['beside their other form', [composed, decomposed], [composed]],
    ['twice', ['q\u0323\u0307', 'q\u0307\u0323'], ['q\u0323\u0307']],
    ['among others', ['a', decomposed], ['a', composed]],
    [
      'more than a transaction holds',
      Array.from({ length: 120 }, (_, n) => `${n} ${decomposed}`),
      Array.from({ length: 120 }, (_, n) => `${n} ${composed}`),
    ],
  ])('%s are found, and come into NFC with their index', async (_name, before, after) => {
    const { id } = await person({ tags: before });
    expect(await problems()).toEqual([{ kind: 'old_spelling', userId: id }]);
    expect(await respell(id)).toBe('repaired');
    expect((await findById(table, id))?.tags).toEqual([...after].sort());
    const index = (await allItems(table)).filter(({ sk }) => sk === `USER#${id}`).map(({ pk }) => pk);
    expect(index.sort()).toEqual(after.map((tag) => tagKey(tag, id).pk).sort());
    expect(await problems()).toEqual([]);
    expect(await respell(id)).toBe('gone');
  });

  it('are left to a webhook that is faster, and tried again after another write', async () => {
    const user = await person({ tags: [decomposed] });
    let writes = 0;
    table.meddle = async (name) => {
      if (name !== 'TransactWrite') return;
      writes += 1;
      if (writes === 1) await updateUser(table, user, { role: 'editor' });
    };
    expect(await respell(user.id)).toBe('repaired');
    expect(await findById(table, user.id)).toMatchObject({ tags: [composed], role: 'editor' });
    expect(await respell('nobody')).toBe('gone');
  });

  it('that are written to all the time remain', async () => {
    const user = await person({ tags: [decomposed] });
    table.meddle = async (name) => {
      if (name !== 'TransactWrite') return;
      const now = await findById(table, user.id);
      if (now) await updateUser(table, now, { role: now.role === 'editor' ? 'subscriber' : 'editor' });
    };
    expect(await respell(user.id)).toBe('remains');
  });
});

describe('an item of an earlier release', () => {
  it('is known, and an unknown one is not taken for it', async () => {
    await put({ pk: 'PAUSE#encharge', sk: 'PAUSE', reason: 'unavailable', rounds: 1 });
    await put({ pk: 'PAUSE#encharge', sk: 'OTHER' });
    expect(await problems()).toEqual(
      expect.arrayContaining([
        { kind: 'leftover', key: { pk: 'PAUSE#encharge', sk: 'PAUSE' } },
        { kind: 'unknown', key: { pk: 'PAUSE#encharge', sk: 'OTHER' } },
      ]),
    );
  });
});

describe('while others write', () => {
  it('what is in order at the second look is no problem', async () => {
    const { id } = await person();
    await remove(tagKey('a', id));
    const found = await problems(async () => {
      await put({ ...tagKey('a', id), tag: 'a' });
    });
    expect(found).toEqual([]);
  });

  it('a user deleted right after it was read is no problem', async () => {
    const user = await person();
    beforeNth(table, 1, 'BatchGet', () => deleteUser(table, user));
    expect(await problems()).toEqual([]);
    expect(table.meddle).toBeUndefined();
  });

  /** Finds the one problem and does something right before the first write of its repair. */
  async function repairAfter(work: () => Promise<unknown>): Promise<string> {
    const [problem] = (await problems()).filter(isOfIndex);
    if (!problem) throw new Error('There is no problem.');
    beforeNth(table, 1, 'TransactWrite', work);
    return repairIndex(table, problem, noSleep);
  }

  it('a tag that its user has lost meanwhile is not indexed', async () => {
    const user = await person();
    await remove(tagKey('a', user.id));
    const result = await repairAfter(() => put(userItem({ ...user, tags: ['b'], version: 2 })));
    expect(result).toBe('gone');
    expect(await inconsistencies(table)).toEqual([]);
  });

  it('a user that has changed in something else is decided on anew', async () => {
    const user = await person();
    await remove(tagKey('a', user.id));
    expect(await repairAfter(() => put(userItem({ ...user, role: 'customer', version: 2 })))).toBe(
      'repaired',
    );
    expect(await inconsistencies(table)).toEqual([]);
  });
});
