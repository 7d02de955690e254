import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import type { FakeMail } from '../support/fake-ses.ts';
import { deliver, takeJobs, workOff } from '../support/jobs.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { type ContactDraft, crms, existingUser, newContact, newEmail, newUser } from './contacts.ts';

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

const mailsTo = ({ ses }: TestStack, email: string) => ses.mails.filter(({ to }) => to.includes(email));

/** Adds a contact and works off its job. There has to be one mail. */
async function welcomed(
  stack: TestStack,
  crm: (typeof crms)[number],
  draft: ContactDraft = {},
): Promise<FakeMail> {
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
  const [, link = ''] = /^(https:\S+key=\S+)$/m.exec(text) ?? [];
  return new URL(link);
}

const unescaped = (html = '') =>
  html
    .replaceAll('&#x3D;', '=')
    .replaceAll('&#x2F;', '/')
    .replaceAll(/&lt;|&gt;|&quot;|&#39;/g, '?')
    .replaceAll('&amp;', '&');

describe.each(crms)('%s: the welcome mail', (crm) => {
  it('carries the username and a link with a one-time key, as text and as HTML', async () => {
    const user_login = `login.${newEmail()}`;
    const welcome = await welcomed(test, crm, { firstName: 'Ada', custom: { user_login } });
    const link = linkIn(welcome);
    expect(welcome.to).toHaveLength(1);
    expect(welcome).toMatchObject({ from: mail.from, subject: `[${site.name}] Your account` });
    expect(`${link.origin}${link.pathname}`).toBe(site.setPasswordUrl);
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
    const { searchParams } = linkIn(await welcomed(test, crm));
    const [userId, key] = [String(searchParams.get('user')), String(searchParams.get('key'))];
    const set = (given: string) =>
      setPasswordWithKey(test.users, secureRandom, { userId, key: given, password: 'chosen by the user' });
    expect(await set(`${key}x`)).toBe(false);
    expect(await set(key)).toBe(true);
    expect(await set(key)).toBe(false);
  });

  it.each([
    ['23 hours and 59 minutes', 23 * 60 + 59, true],
    ['24 hours and 1 minute', 24 * 60 + 1, false],
  ])('has a key that after %s works: %s minutes → %s', async (_name, minutes, works) => {
    const { searchParams } = linkIn(await welcomed(test, crm));
    const later = { ...test.users, now: () => new Date(Date.now() + minutes * 60_000) };
    const [userId, key] = [String(searchParams.get('user')), String(searchParams.get('key'))];
    expect(await setPasswordWithKey(later, secureRandom, { userId, key, password: 'chosen' })).toBe(works);
  });

  it('never carries a password, not even the one from the CRM', async () => {
    const welcome = await welcomed(test, crm, { custom: { user_pass: 'supplied-by-the-crm-1' } });
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
    expect((await welcomed(always, crm)).text).toContain('key=');
  });

  it('is sent later when SES fails, once', async () => {
    const email = newEmail();
    const id = newContact(test, crm, { email });
    await webhook(test, crm, 'add', id, { send_notification: 'true' });
    const [job] = await takeJobs(test);
    if (!job) throw new Error('No job was queued.');
    test.ses.failAlways('message-rejected');
    expect(await deliver(test, job)).toBe('failed');
    expect(test.log.at(-1)).toMatchObject({
      action: 'effects',
      result: 'failed',
      error_code: 'mail_refused',
    });
    test.ses.failAlways(undefined);
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
    expect(await deliver(test, job, { receives: 3 })).toBe('done');
    expect(mailsTo(test, email)).toHaveLength(1);
    expect((await existingUser(test, crm, id)).effects).toEqual({});
  });
});

describe.each(crms)('%s: what a contact is called cannot break the mail', (crm) => {
  const bobby = { firstName: '<b>Bobby</b>', lastName: `O'Brien & "Sons" <script>alert(1)</script>` };

  it('names are escaped in HTML, and as they are in text', async () => {
    const user_login = `<i>"${newEmail()}"&</i>`;
    const { html = '', text = '' } = await welcomed(test, crm, { ...bobby, custom: { user_login } });
    expect(html).not.toMatch(/<b>Bobby|<script>|<i>/);
    expect(html).toContain('&lt;b&gt;Bobby');
    expect(html).toContain('&lt;i&gt;&quot;');
    expect(text).toContain(user_login);
  });

  it.each([
    '\r\nBcc: eve@example.com',
    '\nBcc: eve@example.com\n\nBuy!',
    '\u2028Bcc: eve@example.com',
    '\u0000',
  ])('a name with %j adds neither header nor line', async (injected) => {
    const welcome = await welcomed(always, crm, { firstName: `Ada${injected}`, lastName: 'Byron' });
    expect(welcome.subject).toMatch(/^Ada .*Byron, welcome to Example Site$/u);
    expect(welcome.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    expect(welcome.to).toHaveLength(1);
    expect(welcome.text?.split('\n')[0]).toMatch(/^Hello Ada.*,$/u);
    expect(welcome.text).not.toMatch(/^Bcc:/mu);
  });

  it('names of any script arrive as they are', async () => {
    const welcome = await welcomed(always, crm, { firstName: 'Zoë👩‍👩‍👧‍👦', lastName: '山田' });
    expect(welcome.subject).toBe('Zoë👩‍👩‍👧‍👦 山田, welcome to Example Site');
    expect(welcome.text).toContain('Hello Zoë👩‍👩‍👧‍👦,');
  });
});
