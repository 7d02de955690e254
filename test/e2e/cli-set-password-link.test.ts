import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { giveSetPasswordKey } from '../../functions/users/give-key.ts';
import { updateUser } from '../../functions/users/update.ts';
import { mailsTo, newEmail } from '../integration/contacts.ts';
import { expectRefusals } from '../support/expect-refusals.ts';
import { noteSecret } from '../support/leaks.ts';
import { countingRandom } from '../unit/counting-random.ts';
import { cli, keyTo, newUser, setPassword, stored, useUserCommands, welcomed } from './user-commands.ts';

useUserCommands();

const linkFor = async (words: readonly string[], on = cli.local) => {
  const { code, out, err } = await on(['user', 'set-password-link', ...words]);
  const [link = ''] = out.split('\n');
  const key = /key=([\w-]+)/.exec(out)?.[1] ?? '';
  if (key !== '') noteSecret(key);
  return { code, out, err, link, key };
};

it('prints a link that opens the page and sets a password, as often as it is asked', async () => {
  const user = await newUser(welcomed);
  const mailed = keyTo(user.email);
  await linkFor(['--email', user.email]);
  const { code, link, err, key } = await linkFor(['--email', user.email.toUpperCase()]);
  expect({ code, link }).toEqual({
    code: 0,
    link: `${cli.test.stack.webhook}set-password?user=${user.id}&key=${key}`,
  });
  expect(err).toMatch(/^It works once, until \d{4}-\S+Z\. Links from before/);
  expect((await fetch(link)).status).toBe(200);
  expect(await setPassword(user, mailed)).toBe(false);
  expect(await setPassword(user, key)).toBe(true);
  expect(mailsTo(cli.test, user.email)).toHaveLength(1);
  expect(await stored(user)).toMatchObject({ version: user.version, passwordSetAt: expect.any(String) });
});

it('prints JSON, for a stage too, and leaves a line in the log without the link', async () => {
  const user = await newUser();
  const { code, out, key } = await linkFor(['--id', user.id, '--json'], cli.deployed);
  expect({ code, answer: JSON.parse(out) as unknown }).toEqual({
    code: 0,
    answer: {
      user_id: user.id,
      link: expect.stringContaining(`/set-password?user=${user.id}&key=${key}`),
      expires: expect.any(String),
    },
  });
  const { message = '' } = cli.stage.account.logEvents.at(-1) ?? {};
  expect(JSON.parse(message)).toMatchObject({
    message: 'operator',
    action: 'set-password-link',
    user_id: user.id,
    result: 'updated',
  });
  expect(message).not.toContain(key);
  await linkFor(['--id', user.id]);
  const local = await readFile(join(cli.folder, 'no.log'), 'utf8');
  expect(local).toContain('"action":"set-password-link"');
});

it('gives no key to whoever has got another address meanwhile', async () => {
  const user = await newUser();
  await updateUser(cli.test.users, user, { email: newEmail() });
  await expect(giveSetPasswordKey(cli.test.users, countingRandom(), user)).rejects.toThrow('being changed');
});

it('wants to know for whom', () =>
  expectRefusals(cli.local, [
    [['user', 'set-password-link'], 2, 'Say which user'],
    [['user', 'set-password-link', '--email', 'nobody@example.com'], 1, 'There is no such user'],
  ]));
