import { expect, it } from '@jest/globals';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { countingRandom } from '../unit/counting-random.ts';
import { withoutPasswords } from './configs.ts';
import { existingUser, newContact, newEmail } from './contacts.ts';

const page = 'https://www.example.com/account/set/?page=set%20password&list[]=1&flag';

const { site } = withoutPasswords;
useTestStack({ config: { ...withoutPasswords, site: { ...site, setPasswordUrl: page } } });

it('the link of the mail leads to the page with its own path and query, and its key works', async () => {
  const email = newEmail();
  const id = newContact(test, 'encharge', { email });
  await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
  await test.idle();
  const mail = test.ses.mails.find(({ to }) => to.includes(email));
  const [link = ''] = /https:\S+key=\S+/.exec(mail?.text ?? '') ?? [];
  const user = await existingUser(test, 'encharge', id);
  const key = new URL(link).searchParams.get('key') ?? '';
  expect(link).toBe(`${page}&user=${user.id}&key=${key}`);
  const [, shown = ''] = /<a href="([^"]+key[^"]+)"/.exec(mail?.html ?? '') ?? [];
  expect(shown.replaceAll('&#x2F;', '/').replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')).toBe(link);
  const given = { userId: user.id, key, password: 'a new password' };
  expect(await setPasswordWithKey(test.users, countingRandom(), given)).toBe(true);
});
