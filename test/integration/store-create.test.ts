import { afterEach, describe, expect, it } from '@jest/globals';
import { createUser, LoginTaken, type NewUser } from '../../functions/users/create.ts';
import { findByEmail, findById } from '../../functions/users/find.ts';
import { swapEmails } from '../../functions/users/swap-emails.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { newEmail } from './contacts.ts';
import { awsError, newUser, table, useTable } from './store.ts';
import { allItems, inconsistencies } from './table-state.ts';

useTable();

afterEach(async () => {
  expect(await inconsistencies(table)).toEqual([]);
});

describe('creating a user', () => {
  it('writes the user, its claims, its links and its tag members, and nothing else', async () => {
    const before = await allItems(table);
    const contacts = { encharge: 'contact 1', userengage: '1' };
    const effects = { welcome_mail: { since: table.now().toISOString() } };
    const user = newUser({
      login: 'ada',
      tags: ['a', 'b'],
      contacts,
      effects,
      fields: { orders: 3, vip: true },
    });
    const created = await createUser(table, user);
    const time = table.now().toISOString();
    expect(created).toEqual({ ...user, version: 1, created: time, updated: time });
    expect(await findById(table, user.id)).toEqual(created);
    expect((await allItems(table)).length - before.length).toBe(1 + 2 + 2 + 2);
  });

  type Reason = [
    name: string,
    second: (first: User) => Partial<NewUser>,
    error: typeof WriteConflict | typeof LoginTaken,
  ];
  it.each<Reason>([
    ['the same address', ({ email }) => ({ email, login: 'x1' }), WriteConflict],
    [
      'the same address in capitals',
      ({ email }) => ({ email: email.toUpperCase(), login: 'x2' }),
      WriteConflict,
    ],
    [
      'the same address in wide letters',
      ({ email }) => ({ email: email.replace('u', 'ｕ'), login: 'x3' }),
      WriteConflict,
    ],
    ['the same contact', ({ contacts }) => ({ contacts }), WriteConflict],
    ['the same address and username', ({ email, login }) => ({ email, login }), WriteConflict],
    ['the same contact and username', ({ contacts, login }) => ({ contacts, login }), WriteConflict],
    ['the same id', ({ id }) => ({ id }), WriteConflict],
    ['the same username', ({ login }) => ({ login }), LoginTaken],
    ['the same username in capitals', ({ login }) => ({ login: login.toUpperCase() }), LoginTaken],
    ['the address of another as username', ({ email }) => ({ login: email }), LoginTaken],
    ['that address in capitals as username', ({ email }) => ({ login: email.toUpperCase() }), LoginTaken],
  ])('fails with %s, and leaves nothing behind', async (name, second, error) => {
    const first = await createUser(table, newUser({ login: `first-${name}`, tags: ['first'] }));
    const before = await allItems(table);
    await expect(createUser(table, newUser({ tags: ['second'], ...second(first) }))).rejects.toBeInstanceOf(
      error,
    );
    expect(await allItems(table)).toEqual(before);
  });

  it.each([
    ['no address', 'ada.lovelace', 4],
    ['the own address in capitals', 'OWN@EXAMPLE.COM', 4],
    ['a foreign address', 'foreign@example.com', 5],
  ])('with %s as username: looks at that address only if it is foreign', async (_name, login, items) => {
    let size = 0;
    table.meddle = (_command, { TransactItems }) => {
      size = (TransactItems as unknown[]).length;
      throw awsError('InternalServerError');
    };
    const created = createUser(table, newUser({ login, email: 'own@example.com' }));
    await expect(created).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(size).toBe(items);
  });

  it('takes the own address as username, and an address that nobody has', async () => {
    const email = newEmail('Own.Address');
    await createUser(table, newUser({ email, login: email.toLowerCase() }));
    await createUser(table, newUser({ login: newEmail('nobody') }));
  });

  it.each([
    ['address', (user: NewUser) => ({ email: user.email })],
    ['contact', (user: NewUser) => ({ contacts: user.contacts })],
    ['username', (user: NewUser) => ({ login: user.login })],
  ])('of eight at once with one %s, one succeeds', async (_name, shared) => {
    const first = newUser({ login: newEmail('login') });
    const all = [first, ...Array.from({ length: 7 }, () => newUser(shared(first)))];
    const results = await Promise.allSettled(all.map((user) => createUser(table, user)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.name] : []));
    expect(errors.filter((name) => name !== 'WriteConflict' && name !== 'LoginTaken')).toEqual([]);
  });

  it('hands on what is no conflict', async () => {
    table.meddle = () => {
      throw awsError('TransactionCanceledException', { CancellationReasons: [{ Code: 'ThrottlingError' }] });
    };
    await expect(createUser(table, newUser())).rejects.toMatchObject({
      name: 'TransactionCanceledException',
    });
  });

  it('starts over when a transaction on the same items is under way', async () => {
    const reasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }];
    table.meddle = () => {
      throw awsError('TransactionCanceledException', { CancellationReasons: reasons });
    };
    await expect(createUser(table, newUser())).rejects.toBeInstanceOf(WriteConflict);
  });
});

describe('creating a user with more tags than one transaction holds', () => {
  const tags = Array.from({ length: 250 }, (_, number) => `tag ${String(number).padStart(3, '0')}`);

  it('writes them all', async () => {
    const created = await createUser(table, newUser({ tags }));
    expect(created).toMatchObject({ tags, version: 3 });
    expect(await findById(table, created.id)).toEqual(created);
  });

  it('stops when somebody else writes in between, and overwrites nothing', async () => {
    const user = newUser({ tags });
    let writes = 0;
    table.meddle = async (name) => {
      writes += name === 'TransactWrite' ? 1 : 0;
      if (writes < 2) return;
      table.meddle = undefined;
      const created = await findById(table, user.id);
      if (!created) throw new Error('The first write did not create the user.');
      await updateUser(table, created, { tags: { added: [], removed: ['tag 000'] } });
    };
    await expect(createUser(table, user)).rejects.toBeInstanceOf(WriteConflict);
    expect((await findById(table, user.id))?.tags).toEqual(tags.slice(1, 90));
  });
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
    const at = table.time.toISOString();
    const changed = { version: 2, updated: at, passwordSetAt: at };
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
