import { afterEach, describe, expect, it } from '@jest/globals';
import { createUser, type NewUser } from '../../functions/users/create.ts';
import {
  emailHolder,
  findByContact,
  findByEmail,
  findById,
  linkedUserId,
} from '../../functions/users/find.ts';
import { userKey } from '../../functions/users/items.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserChange } from '../../functions/users/user-change.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { newEmail } from './contacts.ts';
import { newUser, table, useTable } from './store.ts';
import { allItems, inconsistencies } from './table-state.ts';

useTable();
afterEach(async () => expect(await inconsistencies(table)).toEqual([]));

const create = (change: Partial<NewUser> = {}) => createUser(table, newUser(change));

describe('a change of a user', () => {
  const start = {
    tags: ['a', 'b'],
    fields: { city: 'London', orders: 1 },
    passwordHash: 'a hash',
    effects: { welcome_mail: { since: '2026-03-01T12:00:00.000Z' } },
  };

  it.each<[name: string, change: UserChange, expected: Partial<User>]>([
    ['a role', { role: 'customer' }, { role: 'customer' }],
    ['a field more', { fields: { vip: true } }, { fields: { city: 'London', orders: 1, vip: true } }],
    ['another field', { fields: { city: 'Paris' } }, { fields: { city: 'Paris', orders: 1 } }],
    ['a field less', { fields: { city: undefined } }, { fields: { orders: 1 } }],
    ['a field that was not there less', { fields: { vip: undefined } }, {}],
    ['tags more', { tags: { added: ['c', 'd'], removed: [] } }, { tags: ['a', 'b', 'c', 'd'] }],
    ['a tag that comes before them', { tags: { added: ['A'], removed: [] } }, { tags: ['A', 'a', 'b'] }],
    ['tags less', { tags: { added: [], removed: ['a'] } }, { tags: ['b'] }],
    ['no tags', { tags: { added: [], removed: ['a', 'b'] } }, { tags: [] }],
    ['tags that are there and not there', { tags: { added: ['a'], removed: ['z'] } }, { tags: ['a', 'b'] }],
    ['a contact more', { contact: { connection: 'userengage', contactId: '99001' } }, {}],
    ['nothing', {}, {}],
    [
      'a role, and lists of tags that are empty',
      { role: 'customer', tags: { added: [], removed: [] } },
      { role: 'customer' },
    ],
  ])('%s: writes that and leaves the rest', async (_name, change, expected) => {
    const user = await create(start);
    table.time = new Date(table.time.getTime() + 1000);
    const { connection, contactId } = change.contact ?? {};
    const contacts = connection && contactId ? { ...user.contacts, [connection]: contactId } : user.contacts;
    const after = { ...user, ...expected, contacts, version: 2, updated: table.time.toISOString() };
    expect(await updateUser(table, user, change)).toStrictEqual(after);
    expect(await findById(table, user.id)).toEqual(after);
  });

  it.each<[name: string, change: UserChange, write: string]>([
    ['nothing but the user', { role: 'customer', fields: { city: 'Paris' } }, 'Update'],
    ['the index as well', { tags: { added: ['c'], removed: [] } }, 'TransactWrite'],
  ])('of %s: is one write', async (_name, change, write) => {
    const user = await create(start);
    const writes: string[] = [];
    table.meddle = (name) => void writes.push(name);
    await updateUser(table, user, change);
    table.meddle = undefined;
    expect(writes).toEqual([write]);
  });

  it('of as many tags as fit into one write: is one', async () => {
    const user = await create();
    const added = Array.from({ length: 90 }, (_, number) => `tag ${number}`);
    expect(await updateUser(table, user, { tags: { added, removed: [] } })).toMatchObject({ version: 2 });
    expect(await findById(table, user.id)).toMatchObject({ tags: added.sort(), version: 2 });
  });

  it('another address: moves the claim and frees the old one', async () => {
    const user = await create(start);
    const email = newEmail('moved');
    await updateUser(table, user, { email });
    expect(await findByEmail(table, email.toUpperCase())).toMatchObject({
      id: user.id,
      email,
      login: user.login,
    });
    expect(await emailHolder(table, user.email)).toBeUndefined();
    await create({ email: user.email, login: newEmail('login') });
  });

  it('the same address in another case: keeps the claim', async () => {
    const user = await create(start);
    const email = user.email.toUpperCase();
    const after = await updateUser(table, user, { email });
    expect(after.email).toBe(email);
    expect(await findByEmail(table, user.email)).toEqual(after);
  });

  it('another contact of the same connection: links it and frees the old one', async () => {
    const user = await create(start);
    const [old, contactId] = [String(user.contacts['encharge']), `new ${user.id}`];
    const after = await updateUser(table, user, { contact: { connection: 'encharge', contactId } });
    expect(await findByContact(table, 'encharge', contactId)).toEqual(after);
    expect(await linkedUserId(table, 'encharge', old)).toBeUndefined();
    await create({ contacts: { encharge: old } });
  });

  it('the contact that it has: keeps the link', async () => {
    const user = await create(start);
    const contact = { connection: 'encharge', contactId: String(user.contacts['encharge']) };
    const after = await updateUser(table, user, { contact });
    expect(await findByContact(table, contact.connection, contact.contactId)).toEqual(after);
  });

  it('its first contact of a connection: frees none, whatever ids the CRM has', async () => {
    const user = await create(start);
    const other = await create({ contacts: { userengage: 'undefined' } });
    await updateUser(table, user, { contact: { connection: 'userengage', contactId: '99002' } });
    expect(await linkedUserId(table, 'userengage', 'undefined')).toBe(other.id);
  });

  it('all at once', async () => {
    const user = await create(start);
    const after = await updateUser(table, user, {
      email: newEmail('all'),
      role: 'editor',
      fields: { city: undefined, vip: false },
      tags: { added: ['c'], removed: ['a'] },
      contact: { connection: 'encharge', contactId: `all ${user.id}` },
    });
    expect(after).toMatchObject({ role: 'editor', fields: { orders: 1, vip: false }, tags: ['b', 'c'] });
    expect(await findById(table, user.id)).toEqual(after);
  });
});

describe('a change that comes too late', () => {
  it.each<[name: string, change: (user: User) => UserChange]>([
    ['a field', () => ({ fields: { city: 'Rome' } })],
    ['tags', () => ({ tags: { added: ['late'], removed: ['a'] } })],
    ['an address', () => ({ email: newEmail('late') })],
    ['a contact', ({ id }) => ({ contact: { connection: 'encharge', contactId: `late ${id}` } })],
  ])('%s: changes nothing', async (_name, change) => {
    const read = await create({ tags: ['a'] });
    await updateUser(table, read, { fields: { city: 'Paris' } });
    const before = await allItems(table);
    await expect(updateUser(table, read, change(read))).rejects.toBeInstanceOf(WriteConflict);
    expect(await allItems(table)).toEqual(before);
  });

  it('of eight at once, one is written', async () => {
    const user = await create();
    const changes = Array.from({ length: 8 }, (_, number): UserChange => {
      return number % 2 === 0 ? { fields: { n: number } } : { tags: { added: [`n ${number}`], removed: [] } };
    });
    const results = await Promise.allSettled(changes.map((change) => updateUser(table, user, change)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await findById(table, user.id))?.version).toBe(2);
  });

  it('to a user that has gone does not bring it back', async () => {
    const ghost: User = { ...newUser(), version: 1, created: '', updated: '' };
    await expect(updateUser(table, ghost, { role: 'editor' })).rejects.toBeInstanceOf(WriteConflict);
    expect((await allItems(table)).filter(({ pk }) => pk === userKey(ghost.id).pk)).toEqual([]);
  });
});

describe('what belongs to another user', () => {
  it.each<[name: string, change: (other: User) => UserChange]>([
    ['an address', ({ email }) => ({ email })],
    ['an address in capitals', ({ email }) => ({ email: email.toUpperCase() })],
    [
      'a contact',
      ({ contacts }) => ({ contact: { connection: 'encharge', contactId: String(contacts['encharge']) } }),
    ],
  ])('%s: stays there, and nothing changes', async (_name, change) => {
    const [user, other] = [await create({ tags: ['a'] }), await create()];
    const before = await allItems(table);
    const whole = { ...change(other), role: 'editor', tags: { added: ['b'], removed: ['a'] } };
    await expect(updateUser(table, user, whole)).rejects.toBeInstanceOf(WriteConflict);
    expect(await allItems(table)).toEqual(before);
  });
});
