import { expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { findById } from '../../functions/users/find.ts';
import { giveSetPasswordKey } from '../../functions/users/give-key.ts';
import type { User } from '../../functions/users/user.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { newContact, newEmail } from '../contract/contacts.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { noteSecret } from '../support/leaks.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { ask, member, post } from './site.ts';

useTestStack({ config: withoutPasswords, withPoller: false });

/** A mail with a key that SES refuses; an operator then hands out a link, and the mail is tried again. */
async function handOut(ask: () => Promise<unknown>, userOf: () => Promise<User | undefined>): Promise<void> {
  test.ses.failAlways('message-rejected');
  await ask();
  const [job] = await takeJobs(test);
  if (!job) throw new Error('There is no job.');
  expect(await deliver(test, job)).toBe('failed');
  const user = (await userOf()) as User;
  const { key } = await giveSetPasswordKey(test.users, secureRandom, user);
  noteSecret(key);
  await deliver(test, job, { receives: 2 });
  test.ses.failAlways(undefined);
  expect((await openLink({ user: user.id, key })).status).toBe(200);
}

const openLink = (query: { user: string; key: string }) =>
  ask(test, `set-password?${new URLSearchParams(query)}`);

it('a link that an operator hands out stays good while a mail with another is tried in vain', async () => {
  const person = await member(test);
  await handOut(
    () => post(test, 'forgot-password', { login: person.email }),
    () => findById(test.users, person.user),
  );
});

it('a link that an operator hands out stays good while a welcome mail is tried in vain', async () => {
  const contactId = newContact(test, crm, { email: newEmail() });
  await handOut(
    () => webhook(test, crm, 'add', contactId, { send_notification: 'true' }),
    () => test.userOf(crm, contactId),
  );
});
