import { expect, it } from '@jest/globals';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { newContact, newEmail } from './contacts.ts';

// Without an SES of its own the stack starts the inbox that a developer has.
const running = { dynamodb: String(process.env['TEST_DYNAMODB']) };
useTestStack({ config: withoutPasswords, running });

it('the welcome mail is in the inbox of the SES emulator', async () => {
  const email = newEmail();
  const id = newContact(test, crm, { email, firstName: 'Zoë' });
  await webhook(test, crm, 'add', id, { send_notification: 'true' });
  await test.idle();
  const store: unknown = await (await fetch(new URL('store', test.stack.inbox))).json();
  const { emails } = store as { emails: { destination: { to: string[] } }[] };
  const mine = emails.filter(({ destination }) => destination.to.includes(email));
  const { from } = withoutPasswords.mail;
  expect(mine).toMatchObject([{ from, subject: '[Example Site] Your account' }]);
  expect(JSON.stringify(mine)).toContain('Hello Zoë');
});
