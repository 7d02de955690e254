import { describe, expect, it } from '@jest/globals';
import { createUser, type NewUser } from '../../functions/users/create.ts';
import { deleteUser } from '../../functions/users/delete.ts';
import { findById } from '../../functions/users/find.ts';
import { newSetPasswordKey, setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { isAsImported, undoUser } from '../../lib/import/undo-user.ts';
import { countingRandom } from '../unit/counting-random.ts';
import { awsError, beforeNth, newUser, put, table, useTable } from './store.ts';
import { allItems, inconsistencies } from './table-state.ts';

useTable();

const importId = '00000000-0000-4000-8000-00000000abcd';
const ports = { random: countingRandom(), sleep: () => Promise.resolve() };
const many = Array.from({ length: 250 }, (_, number) => `tag ${number}`);

const imported = (change: Partial<NewUser> = {}) =>
  createUser(table, newUser({ importedBy: importId, importedVersion: 1, ...change }));
const stored = ({ id }: User) => findById(table, id);

/** Chooses a password with a mailed link, as people do. */
async function choosePassword(user: User): Promise<void> {
  const { key, stored: setPassword } = newSetPasswordKey(countingRandom(), table.now());
  const [item] = (await allItems(table)).filter(({ pk }) => pk === `USER#${user.id}`);
  await put({ ...item, setPassword });
  const given = { userId: user.id, key, password: 'a password of their own' };
  expect(await setPasswordWithKey(table, countingRandom(), given)).toBe(true);
}

describe('undoing an import', () => {
  it.each<[name: string, tags: string[], command: number]>([
    ['few tags', ['one'], 1],
    ['so many tags that they go first', many, 1],
    ['many tags, of which some have gone', many, 2],
  ])('keeps whoever chooses a password before it deletes: %s', async (_name, tags, command) => {
    const user = await imported({ tags });
    beforeNth(table, command, 'TransactWrite', () => choosePassword(user));
    expect(await undoUser(table, user.id, ports)).toBe(false);
    const left = await stored(user);
    expect(left?.passwordHash).toBeDefined();
    if (command === 1) expect(left?.tags).toEqual([...tags].sort());
    expect(await inconsistencies(table)).toEqual([]);
  });

  it('keeps whoever is written before it deletes', async () => {
    const user = await imported();
    beforeNth(table, 1, 'TransactWrite', () => updateUser(table, user, { role: 'editor' }));
    expect(await undoUser(table, user.id, ports)).toBe(false);
    expect(await stored(user)).toMatchObject({ role: 'editor' });
  });

  it('that ends half-way is undone the next time', async () => {
    const user = await imported({ tags: many });
    beforeNth(table, 3, 'TransactWrite', () => Promise.reject(awsError('InternalServerError')));
    await expect(undoUser(table, user.id, ports)).rejects.toThrow('InternalServerError');
    const half = await stored(user);
    expect(half?.tags.length).toBeLessThan(many.length);
    expect(half && isAsImported(half)).toBe(true);
    expect(await undoUser(table, user.id, ports)).toBe(true);
    expect(await undoUser(table, user.id, ports)).toBe(true);
    expect(await stored(user)).toBeUndefined();
    expect(await inconsistencies(table)).toEqual([]);
  });

  it('ends when others are always faster', async () => {
    const user = await imported();
    table.meddle = (name) => {
      if (name === 'TransactWrite') throw awsError('TransactionConflictException');
    };
    await expect(undoUser(table, user.id, ports)).rejects.toBeInstanceOf(WriteConflict);
  });
});

it('a deletion of any kind does not take a user whose password was set since it was read', async () => {
  for (const tags of [[], many]) {
    const user = await createUser(table, newUser({ tags }));
    await choosePassword(user);
    await expect(deleteUser(table, user)).rejects.toBeInstanceOf(WriteConflict);
    expect((await stored(user))?.tags).toHaveLength(tags.length);
    const now = await stored(user);
    if (now) await deleteUser(table, now);
    expect(await stored(user)).toBeUndefined();
  }
});
