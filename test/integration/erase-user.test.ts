import { afterEach, describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { createUser, type NewUser } from '../../functions/users/create.ts';
import { findByContact, findByEmail, findById } from '../../functions/users/find.ts';
import { claimEffect, finishEffect, releaseEffect } from '../../functions/users/pending-effects.ts';
import { newSetPasswordKey, setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { eraseUser } from '../../lib/commands/support/erase-user.ts';
import { awsError, newUser, table, useTable } from './store.ts';
import { inconsistencies, itemsOfUser } from './table-state.ts';

useTable();
afterEach(async () => {
  expect(await inconsistencies(table)).toEqual([]);
});

const ports = { random: secureRandom, sleep: () => Promise.resolve() };
const create = (change: Partial<NewUser> = {}) => createUser(table, newUser(change));
const erase = ({ id }: User) => eraseUser(table, id, ports);
const manyTags = (count: number) => Array.from({ length: count }, (_, number) => `tag ${number}`);

const since = '2026-03-01T12:00:00.000Z';

describe('an erased user', () => {
  it.each<[name: string, change: Partial<NewUser>, items: number]>([
    ['without tags', {}, 4],
    ['with as many tags as fit into one transaction', { tags: manyTags(96) }, 100],
    ['with one tag more', { tags: manyTags(97) }, 101],
    ['with two contacts', { contacts: { encharge: 'one of two', userengage: '7001' }, tags: ['a'] }, 6],
    [
      'with 250 tags, two contacts',
      { contacts: { encharge: 'many', userengage: '7002' }, tags: manyTags(250) },
      255,
    ],
    ['with a username of its own', { login: 'ada.1815' }, 4],
    ['with effects pending', { effects: { welcome_mail: { since }, return_password: { since } } }, 4],
    ['with a tag of many bytes', { tags: ['é'.repeat(600)] }, 5],
  ])('%s: leaves nothing, and others as they were', async (_name, change, items) => {
    const neighbour = await create({ tags: manyTags(3) });
    const user = await create(change);
    expect(await itemsOfUser(table, user)).toHaveLength(items);
    expect(await erase(user)).toBe(items);
    expect(await itemsOfUser(table, user)).toEqual([]);
    expect(await findById(table, neighbour.id)).toEqual(neighbour);
    // Address, username and contacts are free again.
    const { email, login, contacts } = user;
    const successor = await create({ email, login, contacts });
    expect(await erase(successor)).toBe(3 + Object.keys(contacts).length);
  });

  it.each<[tags: number, writes: string[]]>([
    [96, ['TransactWrite']],
    [97, ['TransactWrite', 'TransactWrite']],
  ])('with %i tags goes by as few writes as DynamoDB allows', async (count, expected) => {
    const user = await create({ tags: manyTags(count) });
    const writes: string[] = [];
    table.meddle = (name) => void (name.endsWith('Get') || writes.push(name));
    await erase(user);
    expect(writes).toEqual(expected);
  });

  it('that has moved leaves no claim of its old address', async () => {
    const user = await create();
    const contact = { connection: 'encharge', contactId: 'another' };
    const moved = await updateUser(table, user, { email: `moved-${user.email}`, contact });
    await erase(moved);
    expect(await itemsOfUser(table, user)).toEqual([]);
    expect(await itemsOfUser(table, moved)).toEqual([]);
  });

  it('is no failure when there is none', async () => {
    expect(await eraseUser(table, 'nobody', ports)).toBe(0);
  });
});

describe('an erasure that dies', () => {
  // 250 tags: two transactions for 155 of them, one for everything else.
  it.each([1, 2, 3])(
    'at write %i: leaves a whole user that is found as before, and finishes when done again',
    async (nth) => {
      const contacts = { encharge: `dying ${nth}`, userengage: `800${nth}` };
      const user = await create({ tags: manyTags(250), contacts });
      let writes = 0;
      table.meddle = (name) => {
        if (name !== 'TransactWrite') return;
        writes += 1;
        if (writes === nth) throw awsError('InternalServerError');
      };
      await expect(erase(user)).rejects.toThrow('InternalServerError');
      table.meddle = undefined;
      expect(await inconsistencies(table)).toEqual([]);
      const left = [
        await findById(table, user.id),
        await findByEmail(table, user.email),
        await findByContact(table, 'encharge', contacts.encharge),
        await findByContact(table, 'userengage', contacts.userengage),
      ];
      expect(left.map((one) => one?.tags.length)).toEqual(left.map(() => [250, 160, 95][nth - 1]));
      await erase(user);
      expect(await itemsOfUser(table, user)).toEqual([]);
    },
  );
});

describe('a write that comes between reading and erasing', () => {
  it.each([1, 2, 3, 4])('before write %i of many: is erased as well', async (nth) => {
    const user = await create({ tags: manyTags(250) });
    let writes = 0;
    table.meddle = async (name) => {
      if (name !== 'TransactWrite') return;
      writes += 1;
      if (writes !== nth) return;
      table.meddle = undefined;
      const now = await findById(table, user.id);
      const contact = { connection: 'userengage', contactId: `810000000000000${nth}` };
      if (now)
        await updateUser(table, now, { contact, tags: { added: [...manyTags(300), 'new'], removed: [] } });
    };
    await erase(user);
    expect(
      await itemsOfUser(table, {
        ...user,
        contacts: { ...user.contacts, userengage: `810000000000000${nth}` },
      }),
    ).toEqual([]);
  });

  it('again and again: is reported, and the user stays whole', async () => {
    const user = await create({ tags: ['a'] });
    table.meddle = async (name) => {
      if (name !== 'TransactWrite') return;
      const now = await findById(table, user.id);
      if (now) await updateUser(table, now, { role: 'customer' });
    };
    await expect(erase(user)).rejects.toThrow(WriteConflict);
    table.meddle = undefined;
    expect(await findById(table, user.id)).toMatchObject({ role: 'customer', tags: ['a'] });
  });
});

describe('what comes after an erasure', () => {
  it('brings nothing back', async () => {
    const { key, stored } = newSetPasswordKey(secureRandom, table.now());
    const user = await create({ effects: { welcome_mail: { since }, return_password: { since } } });
    await claimEffect(table, user.id, 'welcome_mail', { setPassword: stored });
    await erase(user);
    expect(await claimEffect(table, user.id, 'return_password', {})).toBe('gone');
    await releaseEffect(table, user.id, 'welcome_mail');
    await finishEffect(table, user.id, 'welcome_mail');
    const secret = { userId: user.id, key, password: 'a new password' };
    expect(await setPasswordWithKey(table, secureRandom, secret)).toBe(false);
    for (const change of [{ role: 'customer' }, { tags: { added: ['b'], removed: [] } }]) {
      await expect(updateUser(table, user, change)).rejects.toThrow(WriteConflict);
    }
    expect(await itemsOfUser(table, user)).toEqual([]);
  });
});
