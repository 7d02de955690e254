import { afterEach, describe, expect, it } from '@jest/globals';
import { createUser, type NewUser } from '../../functions/users/create.ts';
import { findById } from '../../functions/users/find.ts';
import { contactKey, emailKey, type Key, tagKey, userItem, userKey } from '../../functions/users/items.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { indexItems } from '../../lib/verify/verify-items.ts';
import { type IndexProblem, look } from '../../lib/verify/verify-look.ts';
import { repairIndex } from '../../lib/verify/verify-repair.ts';
import { newEmail } from './contacts.ts';
import { awsError, newUser, put, remove, table, useTable } from './store.ts';
import { allItems } from './table-state.ts';

let slept: number[] = [];

useTable();

afterEach(() => {
  slept = [];
});

const sleep = (ms: number) => Promise.resolve(void slept.push(ms));
const person = (change: Partial<NewUser> = {}) => createUser(table, newUser({ tags: ['a'], ...change }));
const at = (key: Key, userId: string) => look(table, { key, userId }, sleep);

const conflict = awsError('TransactionCanceledException', {
  CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
});

const ghost = 'nobody-at-all';

describe('a look at an item of the index', () => {
  it('that is as it should be finds nothing', async () => {
    const user = await person({ contacts: { encharge: newEmail(), userengage: newEmail() } });
    for (const { pk, sk } of indexItems(user)) expect(await at({ pk, sk }, user.id)).toBeUndefined();
    expect(slept).toEqual([]);
  });

  it('that belongs to somebody else by now is none of a user’s that has it not', async () => {
    const [user, other] = [await person(), await person()];
    expect(await at(emailKey(other.email), user.id)).toBeUndefined();
    expect(await at(emailKey(other.email), ghost)).toBeUndefined();
  });

  it.each<[name: string, other: () => Promise<User | undefined>]>([
    ['nobody', () => Promise.resolve(undefined)],
    ['a user that has it not', () => person()],
  ])('given to %s: misdirected', async (_name, given) => {
    const [user, other] = [await person(), await given()];
    const key = emailKey(user.email);
    const id = other?.id ?? ghost;
    await put({ ...key, userId: id });
    expect(await at(key, user.id)).toEqual({
      kind: 'misdirected',
      key,
      userId: user.id,
      expected: { ...key, userId: user.id },
      user,
      holder: { id, user: other },
    });
  });

  it('of a user that cannot be read finds nothing: nobody knows what that user has', async () => {
    const [user, other] = [await person(), await person()];
    const { login: _login, ...broken } = userItem(user);
    await put(broken);
    await put({ ...contactKey('encharge', 'another'), userId: user.id });
    expect(await at(contactKey('encharge', 'another'), user.id)).toBeUndefined();
    await put({ ...emailKey(other.email), userId: user.id });
    expect(await at(emailKey(other.email), other.id)).toBeUndefined();
  });

  it('waits for transactions, longer each time, twelve times in all', async () => {
    const user = await person();
    table.meddle = () => {
      throw conflict;
    };
    await expect(at(emailKey(user.email), user.id)).rejects.toBe(conflict);
    expect(slept).toEqual([50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550]);
  });

  it('does not wait for a table that does not answer', async () => {
    const error = awsError('InternalServerError');
    table.meddle = () => {
      throw error;
    };
    await expect(at(emailKey(newEmail()), ghost)).rejects.toBe(error);
    expect(slept).toEqual([]);
  });
});

/** The item as it is in DynamoDB, with the attributes that matter to somebody who reads it. */
const itemAt = async ({ pk, sk }: Key) =>
  (await allItems(table)).find((item) => item['pk'] === pk && item['sk'] === sk);

async function problemAt(key: Key, userId: string): Promise<IndexProblem> {
  const problem = await look(table, { key, userId }, sleep);
  if (!problem) throw new Error('There is no problem.');
  return problem;
}

describe('a repair', () => {
  it('writes items as a webhook would have', async () => {
    const user = await person();
    for (const { pk, sk } of indexItems(user)) {
      const key = { pk, sk };
      const before = await itemAt(key);
      await remove(key);
      expect(await repairIndex(table, await problemAt(key, user.id), sleep)).toBe('repaired');
      expect(await itemAt(key)).toEqual(before);
    }
    expect(slept).toEqual([]);
  });

  it.each<[name: string, key: Key, more: object]>([
    ['claim', emailKey('nobody@example.com'), { userId: 'nobody' }],
    ['tag member', tagKey('a', 'nobody'), { tag: 'a' }],
  ])('deletes a %s of nobody', async (_name, key, more) => {
    await put({ ...key, ...more });
    expect(await repairIndex(table, await problemAt(key, 'nobody'), sleep)).toBe('repaired');
    expect(await itemAt(key)).toBeUndefined();
  });

  it.each<[name: string, id: string | undefined]>([
    ['its own', undefined],
    ['another', 'nobody'],
  ])('deletes no claim that %s user has got meanwhile', async (_name, id) => {
    const user = newUser();
    const [key, holder] = [emailKey(user.email), id ?? user.id];
    await put({ ...key, userId: holder });
    const problem = await problemAt(key, holder);
    await remove(key);
    await createUser(table, user);
    expect(await repairIndex(table, problem, sleep)).toBe('gone');
    expect(await itemAt(key)).toEqual({ ...key, userId: user.id });
  });

  it.each<[name: string, holder: string | undefined]>([
    ['was not there', undefined],
    ['belonged to nobody', 'nobody'],
  ])('takes from no user a claim that %s before', async (_name, holder) => {
    const user = await person();
    const key = emailKey(user.email);
    if (holder === undefined) await remove(key);
    else await put({ ...key, userId: holder });
    const problem = await problemAt(key, user.id);
    await remove(key);
    const other = await person({ email: user.email, login: `other ${user.login}` });
    expect(await repairIndex(table, problem, sleep)).toBe('remains');
    expect(await itemAt(key)).toEqual({ ...key, userId: other.id });
  });

  it('learns of a table that does not answer', async () => {
    const user = await person();
    const key = emailKey(user.email);
    await remove(key);
    const problem = await problemAt(key, user.id);
    table.meddle = () => {
      throw awsError('InternalServerError');
    };
    await expect(repairIndex(table, problem, sleep)).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(slept).toEqual([]);
  });

  it('that meets a transaction each time gives up after eight, having waited longer each time', async () => {
    const user = await person();
    const key = emailKey(user.email);
    await remove(key);
    const problem = await problemAt(key, user.id);
    let writes = 0;
    table.meddle = (name) => {
      if (name !== 'TransactWrite') return;
      writes += 1;
      throw conflict;
    };
    expect(await repairIndex(table, problem, sleep)).toBe('remains');
    expect([writes, slept]).toEqual([8, [100, 200, 300, 400, 500, 600, 700, 800]]);
  });

  it('of a clash is not tried', async () => {
    const user = await person();
    await put(emailKey(user.email));
    const problem = await problemAt(emailKey(user.email), user.id);
    table.meddle = () => {
      throw new Error('Something is done.');
    };
    expect(await repairIndex(table, problem, sleep)).toBe('remains');
  });

  it.each<[name: string, isThere: boolean, change: (holder: User) => Promise<unknown>]>([
    ['that has changed', true, (holder) => updateUser(table, holder, { role: 'editor' })],
    ['that has gone', true, ({ id }) => remove(userKey(id))],
    ['that has come', false, (holder) => put(userItem(holder))],
  ])('of what belongs to a holder %s meanwhile is decided anew', async (_name, isThere, change) => {
    const user = await person();
    const holder = await person();
    if (!isThere) await remove(userKey(holder.id));
    const key = emailKey(user.email);
    await put({ ...key, userId: holder.id });
    const problem = await problemAt(key, user.id);
    let writes = 0;
    table.meddle = async (name) => {
      if (name !== 'TransactWrite') return;
      writes += 1;
      if (writes === 1) await change(holder);
    };
    expect(await repairIndex(table, problem, sleep)).toBe('repaired');
    expect(writes).toBe(2);
    expect(await itemAt(key)).toEqual({ ...key, userId: user.id });
    expect(await findById(table, user.id)).toEqual(user);
  });
});
