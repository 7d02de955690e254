import { afterEach, describe, expect, it } from '@jest/globals';
import { createUser, type NewUser } from '../../functions/users/create.ts';
import { contactKey, emailKey, type Key, userItem } from '../../functions/users/items.ts';
import type { User } from '../../functions/users/user.ts';
import { indexItems } from '../../lib/verify/verify-items.ts';
import { look } from '../../lib/verify/verify-look.ts';
import { newEmail } from './contacts.ts';
import { awsError, newUser, put, table, useTable } from './store.ts';

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
