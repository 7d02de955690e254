import { describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { createUser } from '../../functions/users/create.ts';
import { claimEffect } from '../../functions/users/pending-effects.ts';
import { newSetPasswordKey } from '../../functions/users/set-password-key.ts';
import { storedItems } from '../../functions/users/stored-items.ts';
import { updateUser } from '../../functions/users/update.ts';
import { newUser, table, useTable } from './store.ts';
import { allItems } from './table-state.ts';

useTable();

/** What items are, by their keys' first word. */
const kinds = (items: readonly Record<string, unknown>[]) =>
  items.map(({ pk }) => String(pk).split('#')[0]).sort();

describe('the stored items of a user', () => {
  it('are all of them, without what could be used to log in', async () => {
    const tags = Array.from({ length: 150 }, (_, number) => `tag ${number}`);
    const user = await createUser(
      table,
      newUser({
        tags,
        passwordHash: '$argon2id$made-up',
        contacts: { encharge: 'stored', userengage: '9001' },
        effects: { welcome_mail: { since: '2026-03-01T12:00:00.000Z' } },
      }),
    );
    const { stored } = newSetPasswordKey(secureRandom, table.now());
    await claimEffect(table, user.id, 'welcome_mail', { setPassword: stored });
    const everything = kinds(await allItems(table));
    await createUser(table, newUser({ tags }));

    const items = (await storedItems(table, user.id)) ?? [];
    expect(kinds(items)).toEqual(everything);
    expect(items[0]).toMatchObject({
      pk: `USER#${user.id}`,
      email: user.email,
      tags: [...tags].sort(),
      hasPassword: true,
      hasSetPasswordKey: true,
    });
    const text = JSON.stringify(items);
    expect(text).not.toContain('argon2id');
    expect(text).not.toContain(stored.hash);
  });

  it('say what there is not', async () => {
    const user = await createUser(table, newUser());
    const [item] = (await storedItems(table, user.id)) ?? [];
    expect(item).toMatchObject({ tags: [], hasPassword: false, hasSetPasswordKey: false });
  });

  it('of nobody are none', async () => {
    expect(await storedItems(table, 'nobody')).toBeUndefined();
  });

  it('are read as they are now', async () => {
    const { id } = await createUser(table, newUser());
    const reads: unknown[] = [];
    table.meddle = (_name, { ConsistentRead, RequestItems }) => {
      reads.push(ConsistentRead ?? Object(Object(RequestItems)[table.name]).ConsistentRead);
    };
    await storedItems(table, id);
    expect(reads).toEqual([true, true]);
  });

  it('leave out a claim that belongs to somebody else by now', async () => {
    const user = await createUser(table, newUser());
    table.meddle = async (name) => {
      if (name !== 'BatchGet') return;
      table.meddle = undefined;
      await updateUser(table, user, { email: `moved-${user.email}` });
      await createUser(table, newUser({ email: user.email, login: `new-${user.email}` }));
    };
    const items = (await storedItems(table, user.id)) ?? [];
    expect(kinds(items)).toEqual(['CONTACT', 'LOGIN', 'USER']);
  });
});
