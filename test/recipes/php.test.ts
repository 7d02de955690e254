import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { User } from '../../functions/users/user.ts';
import {
  changedPassword,
  changePassword,
  environment,
  isHere,
  newAddress,
  newPerson,
  password,
  run,
  useRecipeSite,
  useUpTries,
  without,
} from './recipe-site.ts';

useRecipeSite();

const isTried = isHere('php');
const describeIf = isTried ? describe : describe.skip;
const note = isTried ? '' : ' (skipped: there is no php here)';

/** One request that a driver plays. */
async function php(driver: string, call: string, given: object, env = environment): Promise<unknown> {
  const { code, out, err } = await run(['php', `test/recipes/${driver}`], {
    input: JSON.stringify([call, given]),
    env,
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as unknown;
}

describeIf(`Laravel${note}`, () => {
  const ask = (call: string, given: object, env?: typeof environment) =>
    php('laravel-driver.php', call, given, env);
  const attempt = ({ email }: User, ip = newAddress(), typed = password, env = environment) =>
    ask('attempt', { email, password: typed, ip }, env);

  it('logs in', async () => {
    const user = await newPerson();
    expect(await attempt(user)).toEqual({
      user: { id: user.id, tags: ['customer'], password: user.passwordSetAt },
      other: false,
    });
    expect(await attempt(user, newAddress(), 'wrong')).toEqual({ user: null, other: false });
    expect(await ask('attempt', { email: user.email })).toEqual({ user: null, other: false });
  });

  it('throws what decides nothing', async () => {
    const user = await newPerson();
    const ip = newAddress();
    await useUpTries(user, ip);
    expect(await attempt(user, ip)).toEqual({ thrown: 'too_many_tries' });
    expect(await attempt(user, newAddress(), password, without)).toEqual({ thrown: 'unavailable' });
    const env = { ...environment, USHER_SITE_KEY: 'wrong' };
    expect(await attempt(user, newAddress(), password, env)).toEqual({ thrown: 'invalid_site_key' });
  });

  it('has another "password" for the session when another one was set, and nobody when the user is gone', async () => {
    const user = await newPerson();
    await changePassword(user);
    const seen = await ask('retrieve', { id: user.id });
    expect(seen).toMatchObject({ user: { id: user.id, tags: ['customer'] } });
    expect(seen).not.toMatchObject({ user: { password: user.passwordSetAt } });
    expect(await ask('retrieve', { id: 'nobody' })).toMatchObject({ user: null });
  });
});

describeIf(`WordPress${note}`, () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-wordpress-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const ask = (call: string, given: object, env = environment) =>
    php('wordpress-driver.php', call, given, { ...env, WORDPRESS_FILE: join(folder, 'state.json') });
  const logIn = ({ login }: User, ip = newAddress(), typed = password, env = environment) =>
    ask('log_in', { login, password: typed, ip }, env);

  it('logs in as one user of WordPress, and asks for a tag', async () => {
    const user = await newPerson();
    expect(await logIn(user)).toEqual({ user: 1 });
    expect(await logIn(user)).toEqual({ user: 1 });
    expect(await ask('page', { tag: 'customer' })).toEqual({ current: 1, has_tag: true, ended: [] });
    expect(await ask('page', { tag: 'vip' })).toMatchObject({ has_tag: false });
    expect(await logIn(await newPerson())).toEqual({ user: 2 });
  });

  it('leaves whom it does not know to WordPress, and tells too many tries', async () => {
    const user = await newPerson();
    const ip = newAddress();
    expect(await logIn(user, ip, 'wrong')).toEqual({ error: 'incorrect_password' });
    expect(await logIn(user, ip, password, without)).toEqual({ error: 'incorrect_password' });
    await useUpTries(user, ip);
    expect(await logIn(user, ip)).toEqual({ error: 'usher_too_many_tries' });
  });

  it('takes over no user that WordPress has under the address', async () => {
    const user = await newPerson();
    await ask('insert', { user_login: 'admin', user_email: user.email });
    expect(await logIn(user)).toEqual({ error: 'existing_user_email' });
  });

  it('ends the sessions from before another password when that is typed, also those that nobody has looked at since', async () => {
    const user = await newPerson();
    await logIn(user);
    await changePassword(user);
    expect(await logIn(user, newAddress(), changedPassword)).toEqual({ user: 1 });
    expect(await ask('page', { tag: 'customer' })).toMatchObject({ current: 1, ended: [1] });
    await logIn(user, newAddress(), changedPassword);
    expect(await ask('page', { tag: 'customer' })).toMatchObject({ current: 1, ended: [1] });
  });

  it('ends sessions when another password is set, but not while Usher does not answer', async () => {
    const user = await newPerson();
    await logIn(user);
    await changePassword(user);
    expect(await ask('page', { tag: 'customer' }, without)).toMatchObject({ current: 1, has_tag: true });
    expect(await ask('page', { tag: 'customer' })).toEqual({ current: 0, has_tag: false, ended: [1] });
  });
});
