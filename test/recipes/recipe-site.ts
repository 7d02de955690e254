import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { beforeAll } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { giveSetPasswordKey } from '../../functions/users/give-key.ts';
import { hashPassword } from '../../functions/users/password.ts';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import type { User } from '../../functions/users/user.ts';
import { newUser } from '../integration/store.ts';
import { noteSecret } from '../support/leaks.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { countingRandom } from '../unit/counting-random.ts';

const random = countingRandom();

/** What recipes find in their environment. */
export let environment: Record<string, string>;
/** The same, with an Usher that does not answer. */
export let without: Record<string, string>;

/** A local stack for the recipe of a test file, whose settings stand in this process's environment, too. */
export function useRecipeSite(): void {
  useTestStack({ withPoller: false });
  beforeAll(() => {
    noteSecret(test.stack.site.key);
    environment = { USHER_URL: test.stack.webhook, USHER_SITE_KEY: test.stack.site.key };
    without = { ...environment, USHER_URL: 'http://127.0.0.1:9/' };
    Object.assign(process.env, environment, { SESSION_SECRET: 'made-up-session-secret' });
  });
}

export const password = `made up "words" in a \\ row`;

/** Somebody with a password, and with or without the tag that a recipe asks for. */
export async function newPerson({ tags = ['customer'] }: { tags?: string[] } = {}): Promise<User> {
  const passwordHash = await hashPassword(password, random);
  const fields = { first_name: 'Ada' };
  return createUser(
    test.users,
    newUser({ passwordHash, tags, fields, passwordSetAt: '2026-03-01T12:00:00.000Z' }),
  );
}

export const changedPassword = 'quite another password';

/** Sets another password, as the page behind a mail's link does. */
export async function changePassword(user: User): Promise<void> {
  const { key } = await giveSetPasswordKey(test.users, random, user);
  await setPasswordWithKey(test.users, random, { userId: user.id, key, password: changedPassword });
}

/** Tries a wrong password as often as it may be tried. */
export async function useUpTries({ login }: User, ip: string): Promise<void> {
  const { USHER_URL, USHER_SITE_KEY } = environment;
  const body = JSON.stringify({ login, password: 'wrong', ip });
  const headers = { authorization: `Bearer ${USHER_SITE_KEY}` };
  for (let tries = 0; tries < 10; tries += 1)
    await fetch(`${USHER_URL}v1/login`, { method: 'POST', headers, body });
}

let addresses = 0;
/** An address that nobody has tried from. */
export function newAddress(): string {
  addresses += 1;
  return `198.51.100.${addresses}`;
}

/** A recipe's module, which is plain JavaScript. */
export const recipe = async <Module>(name: string): Promise<Module> =>
  (await import(new URL(`../../docs/recipes/${name}`, import.meta.url).pathname)) as Module;

/** Whether a program is on this machine; without it its recipes are not tried, and the test's name says so. */
export const isHere = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a program to its end with the recipe's settings. */
export async function run(
  [program = '', ...args]: readonly string[],
  { input = '', env = environment }: { input?: string; env?: Record<string, string> } = {},
): Promise<Ran> {
  const child = spawn(program, args, {
    env: {
      ...process.env,
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
      PYTHONDONTWRITEBYTECODE: '1',
      ...env,
    },
  });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, out, err };
}
