import { afterEach, describe, expect, it } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { findByEmail, findById } from '../../functions/users/find.ts';
import { swapEmails } from '../../functions/users/swap-emails.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { awsError, newUser, table, useTable } from './store.ts';
import { allItems, inconsistencies } from './table-state.ts';

useTable();
afterEach(async () => {
  expect(await inconsistencies(table)).toEqual([]);
});

const two = async (): Promise<[User, User]> => [
  await createUser(table, newUser({ tags: ['one'] })),
  await createUser(table, newUser({ tags: ['two'] })),
];
const swap = (one: User, other: User) =>
  swapEmails(
    table,
    { user: one, change: { email: other.email } },
    { user: other, change: { email: one.email } },
  );

describe('two users who swap their addresses', () => {
  it('are found by them, and stay who they are in everything else', async () => {
    const [one, other] = await two();
    table.time = new Date(table.time.getTime() + 1000);
    await swap(one, other);
    const changed = { version: 2, updated: table.time.toISOString() };
    expect(await findByEmail(table, other.email)).toEqual({ ...one, ...changed, email: other.email });
    expect(await findByEmail(table, one.email)).toEqual({ ...other, ...changed, email: one.email });
  });

  it('have them as their contacts spell them', async () => {
    const [one, other] = await two();
    await swapEmails(
      table,
      { user: one, change: { email: other.email.toUpperCase() } },
      { user: other, change: { email: one.email.toUpperCase() } },
    );
    expect(await findById(table, one.id)).toMatchObject({ email: other.email.toUpperCase() });
    expect(await findById(table, other.id)).toMatchObject({ email: one.email.toUpperCase() });
  });

  it.each<[name: string, index: 0 | 1]>([
    ['first', 0],
    ['second', 1],
  ])('and the %s has changed since it was read: nothing changes', async (_name, index) => {
    const both = await two();
    await updateUser(table, both[index], { role: 'customer' });
    const before = await allItems(table);
    await expect(swap(...both)).rejects.toBeInstanceOf(WriteConflict);
    expect(await allItems(table)).toEqual(before);
  });

  it.each<[name: string, index: 0 | 1]>([
    ['first', 0],
    ['second', 1],
  ])('and the %s does not hold the address: nothing changes', async (_name, index) => {
    const both = await two();
    const [third] = await two();
    const claimed = both.map((user, at) => (at === index ? { ...user, email: third.email } : user));
    const before = await allItems(table);
    await expect(swap(...(claimed as [User, User]))).rejects.toBeInstanceOf(WriteConflict);
    expect(await allItems(table)).toEqual(before);
  });

  it('learn of a table that does not answer', async () => {
    const both = await two();
    table.meddle = () => {
      throw awsError('InternalServerError');
    };
    await expect(swap(...both)).rejects.toMatchObject({ name: 'InternalServerError' });
  });
});
