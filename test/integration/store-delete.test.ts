import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { deleteUser } from '../../functions/users/delete.ts';
import { findById } from '../../functions/users/find.ts';
import { updateUser } from '../../functions/users/update.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { awsError, newUser, startTable, type TestTable } from './store.ts';
import { allItems, inconsistencies } from './table-state.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterEach(async () => {
  table.meddle = undefined;
  expect(await inconsistencies(table)).toEqual([]);
});
afterAll(() => table.stop());

const tagsOf = (count: number) => Array.from({ length: count }, (_, number) => `tag ${number}`);

describe('deleting a user', () => {
  it.each([0, 3, 96, 97, 250])('with %i tags leaves none of its items', async (count) => {
    const before = await allItems(table);
    const user = newUser({ tags: tagsOf(count), contacts: { encharge: 'contact', userengage: '1' } });
    await deleteUser(table, await createUser(table, user));
    expect(await allItems(table)).toEqual(before);
    // Its address, username and contacts are free again.
    await deleteUser(table, await createUser(table, { ...user, id: `again ${user.id}`, tags: [] }));
  });

  it('as it no longer is does nothing', async () => {
    const read = await createUser(table, newUser({ tags: tagsOf(3) }));
    await updateUser(table, read, { role: 'editor' });
    const before = await allItems(table);
    await expect(deleteUser(table, read)).rejects.toBeInstanceOf(WriteConflict);
    expect(await allItems(table)).toEqual(before);
  });

  it('that ends early leaves a whole user, which can be deleted again', async () => {
    const user = await createUser(table, newUser({ tags: tagsOf(250) }));
    let writes = 0;
    table.meddle = (name) => {
      writes += name === 'TransactWrite' ? 1 : 0;
      if (writes === 3) throw awsError('InternalServerError');
    };
    await expect(deleteUser(table, user)).rejects.toMatchObject({ name: 'InternalServerError' });
    table.meddle = undefined;
    const left = await findById(table, user.id);
    expect(left?.tags.length).toBeGreaterThan(0);
    expect(await inconsistencies(table)).toEqual([]);
    if (left) await deleteUser(table, left);
    expect(await findById(table, user.id)).toBeUndefined();
  });

  it('while it is being changed: one of the two comes first', async () => {
    const users = await Promise.all(tagsOf(8).map((tag) => createUser(table, newUser({ tags: [tag] }))));
    const results = await Promise.all(
      users.map(async (user) => {
        const change = { tags: { added: ['changed'], removed: [] } };
        const both = [deleteUser(table, user), updateUser(table, user, change)];
        const [deleted, changed] = await Promise.allSettled(both);
        const isThere = (await findById(table, user.id)) !== undefined;
        return [deleted?.status, changed?.status, isThere].join(' ');
      }),
    );
    const possible = ['fulfilled rejected false', 'rejected fulfilled true'];
    expect(results.filter((result) => !possible.includes(result))).toEqual([]);
  });
});
