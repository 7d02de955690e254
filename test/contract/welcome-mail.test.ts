import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import { mailsTo } from '../integration/contacts.ts';
import type { FakeMail } from '../support/fake-ses.ts';
import { workOff } from '../support/jobs.ts';
import { crm, startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { type ContactDraft, newContact, newEmail, newUser } from './contacts.ts';

const subject = '{{first_name}} {{last_name}}, welcome to {{site_name}}';
const { mail, site } = withoutPasswords;

let test: TestStack;
let always: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: withoutPasswords, withPoller: false });
  const templates = { ...mail.templates, subject };
  const welcoming = { ...withoutPasswords, mail: { ...mail, welcome: 'always' as const, templates } };
  always = await startTestStack({ config: welcoming, withPoller: false });
});
afterAll(async () => {
  await test.stop();
  await always.stop();
});

/** Adds a contact and works off its job. There has to be one mail. */
async function welcomed(stack: TestStack, draft: ContactDraft = {}): Promise<FakeMail> {
  const email = newEmail();
  const id = newContact(stack, crm, { email, ...draft });
  await webhook(stack, crm, 'add', id, stack === always ? {} : { send_notification: 'true' });
  await workOff(stack);
  const [welcome, ...others] = mailsTo(stack, email);
  if (!welcome || others.length > 0) throw new Error('There is not exactly one mail.');
  return welcome;
}

/** The link as a mail program would open it. */
function linkIn({ text = '' }: FakeMail): URL {
  const [, link = ''] = /^(http\S+key=\S+)$/m.exec(text) ?? [];
  return new URL(link);
}

const unescaped = (html = '') =>
  html
    .replaceAll('&#x3D;', '=')
    .replaceAll('&#x2F;', '/')
    .replaceAll(/&lt;|&gt;|&quot;|&#39;/g, '?')
    .replaceAll('&amp;', '&');

it('carries the username and a link with a one-time key, as text and as HTML', async () => {
  const user_login = `login.${newEmail()}`;
  const welcome = await welcomed(test, { firstName: 'Ada', custom: { user_login } });
  const link = linkIn(welcome);
  expect(welcome.to).toHaveLength(1);
  expect(welcome).toMatchObject({ from: mail.from, subject: `[${site.name}] Your account` });
  expect(`${link.origin}${link.pathname}`).toBe(`${test.stack.webhook}set-password`);
  // 256 bits in base64url.
  expect(link.searchParams.get('key')).toMatch(/^[\w-]{43}$/);
  for (const part of [welcome.text ?? '', unescaped(welcome.html)]) {
    expect(part).toContain(user_login);
    expect(part).toContain(link.href);
    expect(part).toContain('Hello Ada');
    expect(part).toContain('24 hours');
  }
  expect(welcome.html).toMatch(/^<!doctype html>/);
});

it('has a key that sets the password once', async () => {
  const { searchParams } = linkIn(await welcomed(test));
  const [userId, key] = [String(searchParams.get('user')), String(searchParams.get('key'))];
  const set = (given: string) =>
    setPasswordWithKey(test.users, secureRandom, { userId, key: given, password: 'chosen by the user' });
  expect(await set(`${key}x`)).toBe(false);
  expect(await set(key)).toBe(true);
  expect(await set(key)).toBe(false);
});

it('never carries a password, not even the one from the CRM', async () => {
  const welcome = await welcomed(test, { custom: { user_pass: 'supplied-by-the-crm-1' } });
  expect(JSON.stringify(welcome)).not.toContain('supplied-by-the-crm-1');
});

it('is not sent unless asked for', async () => {
  const { user } = await newUser(test, crm);
  await workOff(test);
  expect(mailsTo(test, user.email)).toEqual([]);
  expect(user.effects).toEqual({});
});

it.each(['add', 'update', 'update_tags'])('is never sent to an existing user: %s', async (action) => {
  for (const stack of [test, always]) {
    const { id, user } = await newUser(stack, crm);
    await workOff(stack);
    const before = mailsTo(stack, user.email).length;
    await webhook(stack, crm, action, id, { send_notification: 'true' });
    await webhook(stack, crm, action, id, { send_notification: 'true', async: 'true' });
    await workOff(stack);
    expect(mailsTo(stack, user.email)).toHaveLength(before);
  }
});

it('is always sent when the configuration says so', async () => {
  expect((await welcomed(always)).text).toContain('key=');
});

it('names of any script arrive as they are', async () => {
  const welcome = await welcomed(always, { firstName: 'Zoë👩‍👩‍👧‍👦', lastName: '山田' });
  expect(welcome.subject).toBe('Zoë👩‍👩‍👧‍👦 山田, welcome to Example Site');
  expect(welcome.text).toContain('Hello Zoë👩‍👩‍👧‍👦,');
});
