import { createHook } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../../functions/random.ts';
import {
  derivePassword,
  hashGenerated,
  hashPassword,
  isOfToday,
  verifyLogin,
  verifyPassword,
} from '../../../functions/users/password.ts';

/** Made by the reference implementation (argon2-cffi 25.1.0). */
const vectors = [
  {
    password: 'correct horse battery staple',
    hash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$QKHrg5tayLGcN+Y0HVPNaBqykOVLUxlMkZycXE1uWRM',
  },
  {
    password: 'Paßwort 🔑',
    hash: '$argon2id$v=19$m=8192,t=3,p=4$AAECAwQFBgcICQoLDA0ODw$/Cmuzss1/qlVPlKiixafp+6H/281xsLd',
  },
];

describe('a hash', () => {
  it('is argon2id as OWASP recommends it, with a salt of its own', async () => {
    const hashes = await Promise.all([1, 2].map(() => hashPassword('secret', secureRandom)));
    for (const hash of hashes) {
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    }
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  it('is what the reference implementation makes of the same salt', async () => {
    const [{ password, hash } = { password: '', hash: '' }] = vectors;
    const random = { ...secureRandom, bytes: () => Buffer.from('saltsaltsaltsalt') };
    expect(await hashPassword(password, random)).toBe(hash);
  });

  it.each(['secret', '', ' spaces ', 'Zoë', '👩‍👩‍👧‍👦', 'x'.repeat(5000)])(
    'of %j knows it again',
    async (password) => {
      const hash = await hashPassword(password, secureRandom);
      expect(await verifyPassword(password, hash)).toBe(true);
      expect(await verifyPassword(`${password}x`, hash)).toBe(false);
    },
  );

  it('does not tell composed from combining letters', async () => {
    const hash = await hashPassword('Zoe\u0308', secureRandom);
    expect(await verifyPassword('Zo\u00EB', hash)).toBe(true);
  });
});

describe('a hash of a generated password', () => {
  const password = derivePassword('token', 'salt');

  it('is a light one, and knows its password again', async () => {
    const hash = await hashGenerated(password, secureRandom);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await verifyPassword(password, hash)).toBe(true);
    expect(await verifyPassword(`${password}x`, hash)).toBe(false);
  });

  it.each([
    ['a generated password', password, true],
    ['one that somebody chose', 'correct horse battery', false],
    ['one that is a letter shorter', password.slice(1), false],
  ])('is one of today for %s', async (_name, given, isToday) => {
    expect(isOfToday(await hashGenerated(given, secureRandom), given)).toBe(isToday);
    expect(isOfToday(await hashPassword(given, secureRandom), given)).toBe(true);
  });
});

describe('a log-in', () => {
  let hashes = 0;
  const counting = createHook({
    init(_id, type) {
      if (type === 'ARGON2REQUEST') hashes += 1;
    },
  });

  it.each([
    ['a password of their own', hashPassword],
    ['a generated password', hashGenerated],
    ['no password', () => Promise.resolve(undefined)],
    ['a hash of another kind', () => Promise.resolve('$2b$10$abcdefghijklmnopqrstuuKZ8w1c3uQmWl5tq1')],
  ])('with a wrong password takes as many hashes for a user with %s', async (_name, hashOf) => {
    const hash = await hashOf('secret', secureRandom);
    hashes = 0;
    counting.enable();
    expect(await verifyLogin('wrong', hash)).toBe(false);
    counting.disable();
    expect(hashes).toBe(2);
    if (hash?.startsWith('$argon2id')) expect(await verifyLogin('secret', hash)).toBe(true);
  });
});

describe('verifying', () => {
  it.each(vectors)('$hash from elsewhere', async ({ password, hash }) => {
    expect(await verifyPassword(password, hash)).toBe(true);
    expect(await verifyPassword(password.toUpperCase(), hash)).toBe(false);
  });

  it.each([
    '',
    'secret',
    '$2b$10$abcdefghijklmnopqrstuuKZ8w1c3uQmWl5tq1nF1v1o6XoN5u2Iy',
    '$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$QKHrg5tayLGcN+Y0HVPNaBqykOVLUxlMkZycXE1uWRM',
    '$argon2id$v=16$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$QKHrg5tayLGcN+Y0HVPNaBqykOVLUxlMkZycXE1uWRM',
    '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA',
    '$argon2id$v=19$m=19456,t=2,p=1$$',
  ])('%j is no hash of ours', async (hash) => {
    expect(await verifyPassword('secret', hash)).toBe(false);
  });
});

describe('a generated password', () => {
  const passwords = Array.from({ length: 500 }, (_none, index) => derivePassword('token', `salt ${index}`));

  it('has 20 letters and digits, every one of them, and never comes twice', () => {
    for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9]{20}$/);
    expect(new Set(passwords).size).toBe(passwords.length);
    expect(new Set(passwords.join('')).size).toBe(62);
  });

  it('is the same for the same secret and salt, and for no other', () => {
    expect(derivePassword('token', 'salt 7')).toBe(passwords[7]);
    expect(derivePassword('another token', 'salt 7')).not.toBe(passwords[7]);
  });
});
