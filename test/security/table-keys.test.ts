import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configSchema } from '../../functions/config/config.ts';
import { paceKey } from '../../functions/pace/pace-item.ts';
import { turnKey } from '../../functions/pace/turn.ts';
import { createUser } from '../../functions/users/create.ts';
import { findByContact, findById } from '../../functions/users/find.ts';
import {
  addressLooksKey,
  contactKey,
  contactLooksKey,
  emailKey,
  loginKey,
  tagKey,
  userKey,
} from '../../functions/users/items.ts';
import { usersWithTag } from '../../functions/users/list.ts';
import { updateUser } from '../../functions/users/update.ts';
import { newUser, table, useTable } from '../integration/store.ts';
import { collected, inconsistencies } from '../integration/table-state.ts';
import { anyText } from '../property/texts.ts';
import { exampleInput } from '../unit/example-config.ts';

useTable();

const isAllowed = (name: string) =>
  configSchema.safeParse(exampleInput({ connections: { [name]: { crm: 'encharge' } } })).success;
const text = ({ pk, sk }: { pk: string; sk: string }) => JSON.stringify([pk, sk]);

/** Texts that contain the marks of keys. */
const tricky = fc.oneof(
  anyText,
  fc
    .array(fc.constantFrom('#', 'a', 'b', '-', 'CONTACT#', 'TAG#', 'USER#', 'UNIQUE', 'sha256:', ' '), {
      maxLength: 5,
    })
    .map((parts) => parts.join('')),
);

describe('two contacts', () => {
  it('never share a key, whatever their ids: no connection can be called so', () => {
    const connection = tricky.map((name) => name.slice(0, 40));
    fc.assert(
      fc.property(connection, tricky, connection, tricky, (oneName, oneId, otherName, otherId) => {
        fc.pre(oneName !== otherName || oneId !== otherId);
        if (!isAllowed(oneName) || !isAllowed(otherName)) return;
        expect(text(contactKey(oneName, oneId))).not.toBe(text(contactKey(otherName, otherId)));
        expect(text(contactLooksKey(oneName, oneId))).not.toBe(text(contactLooksKey(otherName, otherId)));
      }),
      { numRuns: 1000, examples: [['a', 'b#c', 'a#b', 'c']] },
    );
  });

  it('are two users in the table', async () => {
    const ids = ['x', 'x#y', '#x', 'x#', 'USER#x', '../x', 'x\u0000', 'X', 'ｘ', ' x', 'x#UNIQUE'];
    const pairs = ids.flatMap((id) => [
      ['a', id],
      ['a-b', id],
    ]) as [string, string][];
    const users = await Promise.all(
      pairs.map(([connection, id]) => createUser(table, newUser({ contacts: { [connection]: id } }))),
    );
    for (const [index, [connection, id]] of pairs.entries()) {
      expect(await findByContact(table, connection, id)).toEqual(users[index]);
    }
    expect(await inconsistencies(table)).toEqual([]);
  });
});

describe('two tags', () => {
  const digest = (tag: string) => tagKey(tag, 'u').pk.slice('TAG#'.length);
  const long = 't'.repeat(2000);

  it('never share a key, not even with the digest of a long one', () => {
    fc.assert(
      fc.property(tricky, tricky, fc.boolean(), (one, other, isLong) => {
        const tags = [one, isLong ? other.padEnd(1100, 'x') : other];
        fc.pre(tags[0] !== tags[1]);
        const [first, second] = tags.map((tag) => text(tagKey(tag, 'u')));
        expect(first).not.toBe(second);
        const indexed = digest(tags[1] ?? '');
        if (indexed !== tags[1]) expect(text(tagKey(indexed, 'u'))).not.toBe(second);
      }),
      { numRuns: 1000, examples: [['a', long, false]] },
    );
  });

  it('one of which is called like the key of the other: both are there', async () => {
    const tags = [long, digest(long), 'sha256:', 'sha256:short'];
    const user = await createUser(table, newUser({ tags }));
    for (const tag of tags) {
      expect((await collected(usersWithTag(table, tag))).map(({ id }) => id)).toEqual([user.id]);
    }
    const after = await updateUser(table, user, { tags: { added: [], removed: [digest(long)] } });
    expect((await collected(usersWithTag(table, long))).map(({ id }) => id)).toEqual([user.id]);
    expect(after.tags).toHaveLength(3);
    expect(await inconsistencies(table)).toEqual([]);
  });
});

it('a user, an address, a username, a contact, looks, a tag, a pace and a turn are never taken for one another', async () => {
  const user = await createUser(table, newUser());
  const marks = [`USER#${user.id}`, `EMAIL#${user.email}`, 'UNIQUE', 'USER'];
  const keys = marks.flatMap((mark) => [
    userKey(mark),
    emailKey(mark),
    loginKey(mark),
    contactKey('a', mark),
    contactLooksKey('a', mark),
    addressLooksKey('a', mark),
    tagKey(mark, user.id),
    paceKey(mark),
    turnKey(mark),
  ]);
  expect(new Set(keys.map(text)).size).toBe(keys.length);
  for (const id of [`${user.id}#USER`, `EMAIL#${user.email}`, '', ' ', `USER#${user.id}`]) {
    expect(await findById(table, id)).toBeUndefined();
  }
});
