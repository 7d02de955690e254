import { describe, expect, it } from '@jest/globals';
import {
  changePassword,
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

const driver = `
import json, sys
sys.path.insert(0, "docs/recipes")
import usher
name, *args = json.loads(sys.stdin.read())
try:
    print(json.dumps(getattr(usher, name)(*args)))
except usher.TooManyTries as error:
    print(json.dumps({"retry_after": error.retry_after}))
except usher.UsherUnavailable as error:
    print(json.dumps({"unavailable": str(error)}))
`;

async function call(name: string, args: readonly unknown[], more = {}): Promise<unknown> {
  const { code, out, err } = await run(['python3', '-c', driver], {
    input: JSON.stringify([name, ...args]),
    ...more,
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as unknown;
}

const isTried = isHere('python3');

(isTried ? describe : describe.skip)(`Python${isTried ? '' : ' (skipped: there is no python3 here)'}`, () => {
  it('logs in', async () => {
    const { login, id } = await newPerson();
    expect(await call('log_in', [login, password, newAddress()])).toMatchObject({ id, tags: ['customer'] });
    expect(await call('log_in', [login, 'wrong', newAddress()])).toBeNull();
    expect(await call('log_in', ['', password, newAddress()])).toBeNull();
  });

  it('tells too many tries from an Usher that does not answer, or refuses the key', async () => {
    const user = await newPerson();
    const ip = newAddress();
    await useUpTries(user, ip);
    expect(await call('log_in', [user.login, password, ip])).toEqual({ retry_after: expect.any(Number) });
    const asked = [user.login, password, newAddress()];
    expect(await call('log_in', asked, { env: without })).toEqual({ unavailable: 'URLError' });
    const env = { USHER_SITE_KEY: 'wrong', USHER_URL: process.env['USHER_URL'] };
    expect(await call('log_in', asked, { env })).toEqual({ unavailable: '401 invalid_site_key' });
  });

  it('ends a session when another password is set, and knows tags', async () => {
    const user = await newPerson();
    const seen = await call('user_of_session', [user.id, user.passwordSetAt]);
    expect(seen).toMatchObject({ id: user.id });
    expect(await call('has_tag', [seen, 'customer'])).toBe(true);
    expect(await call('has_tag', [seen, 'vip'])).toBe(false);
    expect(await call('has_tag', [null, 'vip'])).toBe(false);
    await changePassword(user);
    expect(await call('user_of_session', [user.id, user.passwordSetAt])).toBeNull();
    expect(await call('user_of_session', ['nobody', null])).toBeNull();
  });
});
