import { describe, expect, it } from '@jest/globals';
import { findById } from '../../functions/users/find.ts';
import { tagKey } from '../../functions/users/items.ts';
import { updateUser } from '../../functions/users/update.ts';
import { respellTags } from '../../lib/verify/verify-spelling.ts';
import { put, table, useTable } from './store.ts';
import { allItems } from './table-state.ts';
import { noSleep, person, problems } from './verified-table.ts';

useTable('each');

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
