import { describe, expect, it } from '@jest/globals';
import { allUsers } from '../../functions/users/all-users.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { request, webhook } from '../support/webhook.ts';
import { patient } from './configs.ts';
import {
  changeContact,
  crms,
  existingUser,
  fieldInCrm,
  newContact,
  newEmail,
  newUser,
  passwordField,
} from './contacts.ts';

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
    const cost = number === bringsPassword ? 'm=19456,t=2,p=1' : 'm=1024,t=1,p=1';
    expect(user.passwordHash?.startsWith(`$argon2id$v=19$${cost}$`)).toBe(true);
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

/** What the two pages tell a marketer to set up: method, headers and body as they arrive. */
const posts: Record<
  TestedCrm,
  (id: string, email: string) => { headers: Record<string, string>; body: string }
> = {
  // https://wpfusion.com/documentation/webhooks/encharge-webhooks/
  encharge: (id) => ({ headers: { 'content-type': 'application/json' }, body: `{"id":"${id}"}` }),
  // https://wpfusion.com/documentation/webhooks/userengage/
  userengage: (id, email) => ({
    headers: {},
    body: `{"path": 6, "timestamp": "2026-03-14T15:09:26.535897+00:00", "extra": {}, "user": {"id": ${id}, "key": "key000000042", "name": "Somebody Else", "email": "${email}", "phone_number": null, "tags": []}}`,
  }),
};

function post(crm: TestedCrm, literalUrl: string, id: string) {
  const { pathname, search } = new URL(literalUrl);
  const key = String(test.stack.connections[crm]?.accessKey);
  const path = `${pathname}${search.replace('YOURACCESSKEY', key)}`;
  return request(test, { method: 'POST', path, ...posts[crm](id, newEmail()) });
}

describe.each(crms)('%s: the documented URLs, as this CRM posts to them', (crm) => {
  it.each([
    [
      'https://mydomain.com/?wpf_action=update_tags&access_key=YOURACCESSKEY',
      'update_tags',
      ['new'],
      undefined,
    ],
    ['https://mydomain.com/?wpf_action=update&access_key=YOURACCESSKEY', 'update', ['new'], 'Paris'],
  ])('%s', async (url, method, tags, city) => {
    const { id, user } = await newUser(test, crm, { tags: ['old'] });
    changeContact(test, crm, id, { tags: ['new'], city: 'Paris' });
    const answer = await post(crm, url, id);
    expect(answer.status).toBe(200);
    const data = { user_id: user.id, method, result: 'updated', contact_id: id, warnings: [] };
    expect(answer.body).toEqual({ success: true, data });
    expect(await test.userOf(crm, id)).toMatchObject({ id: user.id, tags, email: user.email });
    expect((await existingUser(test, crm, id)).fields['city']).toBe(city);
  });

  it.each([
    ['https://mydomain.com/?wpf_action=add&access_key=YOURACCESSKEY', 'subscriber', 0],
    ['https://mydomain.com/?wpf_action=add&access_key=YOURACCESSKEY&send_notification=true', 'subscriber', 1],
    ['https://mydomain.com/?wpf_action=add&access_key=YOURACCESSKEY&role=customer', 'customer', 0],
  ])('%s', async (url, role, mails) => {
    const email = newEmail();
    const id = newContact(test, crm, { email, tags: ['Import to WordPress'] });
    const answer = await post(crm, url, id);
    const user = await existingUser(test, crm, id);
    expect(answer.status).toBe(200);
    const data = { user_id: user.id, method: 'add', result: 'created', contact_id: id, warnings: [] };
    expect(answer.body).toEqual({ success: true, data });
    expect(user).toMatchObject({ email, login: email, role, tags: ['Import to WordPress'] });
    await test.idle();
    expect(test.ses.mails.filter(({ to }) => to.includes(email))).toHaveLength(mails);
  });
});
