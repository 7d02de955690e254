import { expect, it } from '@jest/globals';
import { allUsers } from '../../functions/users/all-users.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { patient } from './configs.ts';
import { crms, existingUser, fieldInCrm, passwordField } from './contacts.ts';

useTestStack({ config: patient });

/** The sandboxes' people, of every kind that CRMs have: both hold the same ones, so one is enough for each. */
const idOf = {
  encharge: (number: number) => `e0000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  userengage: String,
};
/** The one without an e-mail address. */
const mailless = 9;
const everybody = Array.from({ length: 25 }, (_, index) => index + 1).filter((number) => number !== mailless);
/** The one whose CRM record holds a password. */
const bringsPassword = 17;

const turns = everybody.map((number) => [crms[number % 2] ?? 'encharge', number] as const);

it.each(turns)(
  '%s: contact %d becomes a user, is welcomed, and its password is in the CRM',
  async (crm, number) => {
    const id = idOf[crm](number);
    const answer = await webhook(test, crm, 'add', id, { send_notification: 'true' });
    expect([answer.status, answer.body.data?.result]).toEqual([200, 'created']);
    await test.idle();
    const user = await existingUser(test, crm, id);
    expect(user.effects).toEqual({});
    expect(user.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    // A domain is sent in lower case, whatever the CRM says.
    const mails = test.ses.mails.filter(({ to }) => to[0]?.toLowerCase() === user.email.toLowerCase());
    expect(mails).toHaveLength(1);
    const password = fieldInCrm(test, crm, id, passwordField[crm]);
    if (number === bringsPassword) expect(password).toBeUndefined();
    else expect(password).toMatch(/^[A-Za-z0-9]{16,}$/);
  },
);

it.each(crms)('%s: then everybody has one account, whichever CRM names them', async (crm) => {
  for (const number of everybody) {
    const answer = await webhook(test, crm, 'add', idOf[crm](number));
    expect(answer.status).toBe(200);
    expect(answer.body.data.result).not.toBe('created');
  }
  const users = [];
  for await (const user of allUsers(test.users)) users.push(user);
  expect(users).toHaveLength(everybody.length);
  await test.idle();
  expect(test.ses.mails).toHaveLength(everybody.length);
});
