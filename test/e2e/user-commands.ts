import { afterAll, beforeAll, expect } from '@jest/globals';
import { findById } from '../../functions/users/find.ts';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import type { User } from '../../functions/users/user.ts';
import { mailsTo, newEmail, putContact } from '../integration/contacts.ts';
import { inconsistencies } from '../integration/table-state.ts';
import { type CliStack, jsonLines, startCliStack } from '../support/cli-stack.ts';
import { webhook } from '../support/webhook.ts';
import { countingRandom } from '../unit/counting-random.ts';

export let cli: CliStack;

/** A stack for commands that change users; its table has to be in order at the end. */
export function useUserCommands(): void {
  beforeAll(async () => {
    cli = await startCliStack();
  });
  afterAll(async () => {
    expect(await inconsistencies(cli.test.users)).toEqual([]);
    await cli.stop();
  });
}

/** A user of a new contact. */
export async function newUser(query: Record<string, string> = {}): Promise<User> {
  const id = putContact(cli.test, 'userengage', { email: newEmail(), tags: ['vip'] });
  await webhook(cli.test, 'userengage', 'add', id, query);
  await cli.test.idle();
  const user = await cli.test.userOf('userengage', id);
  if (!user) throw new Error('There is no user.');
  return user;
}

export const welcomed = { send_notification: 'true' };
export const stored = ({ id }: User) => findById(cli.test.users, id);

/** The one-time key of the last mail to an address. */
export const keyTo = (email: string) =>
  /key=([\w-]+)/.exec(mailsTo(cli.test, email).at(-1)?.text ?? '')?.[1] ?? '';

export function setPassword({ id }: User, key: string): Promise<boolean> {
  const given = { userId: id, key, password: 'made-up-password' };
  return setPasswordWithKey(cli.test.users, countingRandom(), given);
}

/** Runs a command that changes a user, and works off what follows. */
export async function run(words: readonly string[], on: CliStack['local'] = cli.local) {
  const { code, out, err } = await on(['user', ...words, '--yes', '--json']);
  await cli.test.idle();
  return { code, err, line: jsonLines(out)[0] };
}
