import { describe, expect, it } from '@jest/globals';
import { type Random, secureRandom } from '../../functions/random.ts';
import { verifyPassword } from '../../functions/users/password.ts';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { existingUser, newContact } from '../contract/contacts.ts';
import { allItems } from '../integration/table-state.ts';
import { workOff } from '../support/jobs.ts';
import { noteSecret } from '../support/leaks.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';

useTestStack({ config: withoutPasswords, withPoller: false });

/** A new user, and the key in the mail that it was sent. */
async function invited() {
  const id = newContact(test, 'encharge');
  await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
  await workOff(test);
  const user = await existingUser(test, 'encharge', id);
  const mail = test.ses.mails.find(({ to }) => to.includes(user.email));
  const [link = ''] = /https?:\/\/\S+key=\S+/.exec(mail?.text ?? '') ?? [];
  const key = new URL(link).searchParams.get('key') ?? '';
  noteSecret(key);
  return { id, userId: user.id, key };
}

/** Counts what hashing a password costs: one salt each. */
function countedRandom() {
  const random: Random & { salts: number } = {
    ...secureRandom,
    salts: 0,
    bytes(size) {
      random.salts += 1;
      return secureRandom.bytes(size);
    },
  };
  return random;
}

const later = (ms: number): UserTable => ({ ...test.users, now: () => new Date(Date.now() + ms) });
const hour = 60 * 60 * 1000;

it('has 256 bits, is in nobody’s hands but the mail’s, and only its digest is stored', async () => {
  const { id, key } = await invited();
  expect(Buffer.from(key, 'base64url')).toHaveLength(32);
  expect(JSON.stringify(await allItems(test.users))).not.toContain(key);
  expect(JSON.stringify(test.log)).not.toContain(key);
  expect(JSON.stringify(await existingUser(test, 'encharge', id))).not.toMatch(/setPassword|hash/i);
});

it('of 20 uses at once exactly one sets its password', async () => {
  const { id, userId, key } = await invited();
  const passwords = Array.from({ length: 20 }, (_, n) => `password number ${n}`);
  const set = await Promise.all(
    passwords.map((password) => setPasswordWithKey(test.users, secureRandom, { userId, key, password })),
  );
  expect(set.filter(Boolean)).toHaveLength(1);
  const { passwordHash = '' } = await existingUser(test, 'encharge', id);
  expect(await verifyPassword(passwords[set.indexOf(true)] ?? '', passwordHash)).toBe(true);
});

describe('whoever has no valid key', () => {
  it('is told nothing, costs no hash, and uses nothing up', async () => {
    const [mine, other] = [await invited(), await invited()];
    const { userId, key } = mine;
    const guesses = [
      { userId, key: other.key },
      { userId: other.userId, key },
      { userId: 'nobody', key },
      { userId: '', key },
      { userId, key: '' },
      { userId, key: key.slice(0, -1) },
      { userId, key: `${key}A` },
      { userId, key: key.toUpperCase() },
      { userId, key: `${key}=` },
      { userId, key: '__proto__' },
      { userId, key: 'undefined' },
      ...Array.from({ length: 100 }, () => ({ userId, key: secureRandom.bytes(32).toString('base64url') })),
    ];
    const random = countedRandom();
    for (const guess of guesses) {
      expect(await setPasswordWithKey(test.users, random, { ...guess, password: 'guessed' })).toBe(false);
    }
    expect(random.salts).toBe(0);
    for (const owner of [mine, other]) {
      expect(await setPasswordWithKey(test.users, random, { ...owner, password: 'my own' })).toBe(true);
    }
  });

  it('gets the same answer for a stored digest, a used key, an expired one, and a user who was never invited', async () => {
    const answers: boolean[] = [];
    const use = async (table: UserTable, userId: string, key: string) =>
      answers.push(await setPasswordWithKey(table, secureRandom, { userId, key, password: 'x' }));

    const { userId, key } = await invited();
    const item = (await allItems(test.users)).find(({ pk }) => pk === `USER#${userId}`);
    const { hash = '' } = (item?.['setPassword'] ?? {}) as { hash?: string };
    await use(test.users, userId, hash);
    await use(later(24 * hour), userId, key);
    await use(later(365 * 24 * hour), userId, key);
    expect(await setPasswordWithKey(later(23 * hour), secureRandom, { userId, key, password: 'x' })).toBe(
      true,
    );
    await use(test.users, userId, key);
    const uninvited = newContact(test, 'encharge');
    await webhook(test, 'encharge', 'add', uninvited);
    await use(test.users, (await existingUser(test, 'encharge', uninvited)).id, key);
    expect(answers).toEqual([false, false, false, false, false]);
  });
});

it('a webhook while a password is being set takes nothing of it back', async () => {
  const { id, userId, key } = await invited();
  const [isSet, ...answers] = await Promise.all([
    setPasswordWithKey(test.users, secureRandom, { userId, key, password: 'my own' }),
    ...['add', 'update', 'update_tags'].map((action) => webhook(test, 'encharge', action, id)),
  ]);
  expect([isSet, ...answers.map(({ status }) => status)]).toEqual([true, 200, 200, 200]);
  const { passwordHash = '' } = await existingUser(test, 'encharge', id);
  expect(await verifyPassword('my own', passwordHash)).toBe(true);
  expect(await setPasswordWithKey(test.users, secureRandom, { userId, key, password: 'again' })).toBe(false);
});
