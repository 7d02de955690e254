import { describe, expect, it } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { storedItems } from '../../functions/users/stored-items.ts';
import { updateUser } from '../../functions/users/update.ts';
import { newUser, table, useTable } from './store.ts';

useTable();

/** What items are, by their keys' first word. */
const kinds = (items: readonly Record<string, unknown>[]) =>
  items.map(({ pk }) => String(pk).split('#')[0]).sort();

describe('the stored items of a user', () => {
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
