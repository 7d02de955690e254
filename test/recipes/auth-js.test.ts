import { describe, expect, it } from '@jest/globals';
import { authorize, jwt, session } from '../../docs/recipes/auth-js.ts';
import {
  changePassword,
  environment,
  newAddress,
  newPerson,
  password,
  useRecipeSite,
  useUpTries,
  without,
} from './recipe-site.ts';

useRecipeSite();

/** As Auth.js hands it on: what the host has put before the header of whoever sent it. */
const from = (ip: string) =>
  new Request('https://www.example.com/', { headers: { 'x-forwarded-for': `203.0.113.9, ${ip}` } });
const tokenOf = (user: object) => jwt({ token: {}, user });

describe('Auth.js', () => {
  it('says who logs in', async () => {
    const { login, id, email } = await newPerson();
    const given = { login, password };
    expect(await authorize(given, from(newAddress()))).toMatchObject({
      id,
      email,
      name: login,
      tags: ['customer'],
    });
  });

  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['no login', { login: '' }],
    ['no password', { password: undefined }],
  ])('knows nobody by %s', async (_name, change) => {
    const { login } = await newPerson();
    expect(await authorize({ login, password, ...change }, from(newAddress()))).toBeNull();
  });

  it('throws after too many tries from the address that the host has seen, and while Usher does not answer', async () => {
    const user = await newPerson();
    const ip = newAddress();
    await useUpTries(user, ip);
    const given = { login: user.login, password };
    await expect(authorize(given, from(ip))).rejects.toThrow('too_many_tries');
    Object.assign(process.env, without);
    const asked = authorize(given, from(newAddress()));
    await expect(asked).rejects.toThrow();
    Object.assign(process.env, environment);
  });

  it('gives a session the tags of now, and ends it when another password is set', async () => {
    const user = await newPerson();
    const known = await authorize({ login: user.login, password }, from(newAddress()));
    const token = await tokenOf(Object(known));
    const later = await jwt({ token: { ...token, tags: ['old'] } });
    expect(later).toEqual(token);
    expect(session({ session: { user: { name: 'Ada' } }, token: Object(later) })).toEqual({
      user: { name: 'Ada', id: user.id, tags: ['customer'] },
    });
    await changePassword(user);
    expect(await jwt({ token: Object(later) })).toBeNull();
  });
});
