import { describe, expect, it } from '@jest/globals';
import { findByContact } from '../../functions/users/find.ts';
import { usersWithTag } from '../../functions/users/list.ts';
import { updateUser } from '../../functions/users/update.ts';
import { beforeWrite } from '../support/hold.ts';
import { createIo } from '../support/io.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import { allItems, collected, inconsistencies } from './table-state.ts';

const io = createIo();
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });

const tagsFrom = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, offset) => `tag ${String(start + offset).padStart(3, '0')}`);

/** Sends a webhook and checks, before each of its writes and after the last, that users and index agree. */
async function checkedAtEveryWrite(send: () => Promise<unknown>): Promise<number> {
  let writes = 0;
  io.before = async ({ name }) => {
    if (name !== 'TransactWrite') return;
    writes += 1;
    expect(await inconsistencies(test.users)).toEqual([]);
  };
  try {
    await send();
  } finally {
    io.before = undefined;
  }
  expect(await inconsistencies(test.users)).toEqual([]);
  return writes;
}

describe('more tags than one transaction holds', () => {
  it('come, change and go, with the index right at every step', async () => {
    const email = newEmail();
    const id = putContact(test, crm, { email, tags: tagsFrom(0, 250) });
    const states: [action: string, tags: string[], writes: number][] = [
      ['add', tagsFrom(0, 250), 3],
      ['update_tags', tagsFrom(200, 350), 4],
      ['update', [...tagsFrom(0, 20), ...tagsFrom(200, 350)], 1],
      ['update_tags', [], 2],
      ['update_tags', tagsFrom(0, 90), 1],
      ['update_tags', ['only one'], 2],
    ];
    for (const [action, tags, writes] of states) {
      putContact(test, crm, { email, tags }, id);
      expect([action, await checkedAtEveryWrite(() => webhook(test, crm, action, id))]).toEqual([
        action,
        writes,
      ]);
      expect((await test.userOf(crm, id))?.tags).toEqual([...tags].sort());
    }
    expect((await allItems(test.users)).filter(({ sk }) => String(sk).startsWith('USER#'))).toHaveLength(1);
    putContact(test, crm, { email, tags: [] }, id);
    await webhook(test, crm, 'update_tags', id);
  });

  it.each([1, 2, 3, 4])(
    'and somebody else writes the user before write %i: all are there in the end',
    async (nth) => {
      const email = newEmail();
      const id = putContact(test, 'encharge', { email, tags: tagsFrom(0, 100) });
      await webhook(test, 'encharge', 'add', id);
      putContact(test, 'encharge', { email, tags: tagsFrom(50, 350), city: 'Paris' }, id);

      beforeWrite(io, nth, async () => {
        const user = await findByContact(test.users, 'encharge', id);
        if (!user) throw new Error('The user has gone.');
        // Also takes away tags that the writes before have given.
        const tags = { added: ['of somebody else'], removed: user.tags.slice(0, 30) };
        await updateUser(test.users, user, { fields: { nickname: 'changed' }, tags });
      });
      const answer = await webhook(test, 'encharge', 'update', id);
      expect(answer.body.data.result).toBe('updated');
      expect(await test.userOf('encharge', id)).toMatchObject({
        tags: tagsFrom(50, 350),
        fields: { city: 'Paris', nickname: 'changed' },
      });
      expect(await inconsistencies(test.users)).toEqual([]);
    },
  );
});

describe('tags of every kind', () => {
  /** Longer than the 2,048 bytes of a partition key. */
  const long = 'é'.repeat(1500);
  const odd = [
    '#hash',
    'a/b',
    'TAG#x',
    'USER#1',
    '__proto__',
    'constructor',
    'with  spaces',
    '100%',
    'null',
    '0',
    '🎈',
    '👩‍👩‍👧‍👦',
    'é',
    'ﬁ',
    'fi',
    'Case',
    'case',
    'b'.repeat(256),
    'b'.repeat(1024),
    `${'é'.repeat(512)}1`,
    `${long}1`,
    `${long}2`,
  ];

  it('are kept as they are, and their users found', async () => {
    const email = newEmail();
    const id = putContact(test, crm, { email, tags: odd });
    await webhook(test, crm, 'add', id);
    const user = await test.userOf(crm, id);
    expect(user?.tags).toEqual([...odd].sort());
    expect(await inconsistencies(test.users)).toEqual([]);
    for (const tag of odd) {
      const found = await collected(usersWithTag(test.users, tag));
      expect([tag, found.map((one) => one.id)]).toEqual([tag, [user?.id]]);
    }
    expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('unchanged');

    putContact(test, crm, { email, tags: [] }, id);
    await webhook(test, crm, 'update_tags', id);
    expect((await test.userOf(crm, id))?.tags).toEqual([]);
    expect(await inconsistencies(test.users)).toEqual([]);
  });

  it('cut in the middle of an emoji: are stored as text that stays the same', async () => {
    const email = newEmail();
    const tags = ['half \ud83c', 'whole \ud83c\udf88'];
    const id = putContact(test, 'encharge', { email, tags, first: 'Half \ud83c' });
    await webhook(test, 'encharge', 'add', id);
    expect((await webhook(test, 'encharge', 'update', id)).body.data.result).toBe('unchanged');
    putContact(test, 'encharge', { email, tags: ['half \ud83c'] }, id);
    expect((await webhook(test, 'encharge', 'update_tags', id)).body.data.result).toBe('updated');
    expect((await test.userOf('encharge', id))?.tags).toEqual(['half \ufffd']);
    expect(await inconsistencies(test.users)).toEqual([]);
  });
});
