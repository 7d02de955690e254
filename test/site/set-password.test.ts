import { describe, expect, it } from '@jest/globals';
import { findById } from '../../functions/users/find.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { workOff } from '../support/jobs.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { api, ask, Clock, goodPassword, invite, ip, linkIn, member, post } from './site.ts';

const clock = new Clock();
useTestStack({
  config: withoutPasswords,
  withPoller: false,
  adjust: (services) => ({ ...services, now: clock.now }),
});

const logIn = (login: string, password: string) => api(test, 'login', { login, password, ip });

describe('the page behind the link of a mail', () => {
  it('is where mails link to while the site has none of its own', async () => {
    const { url } = await invite(test);
    expect(`${url.origin}${url.pathname}`).toBe(`${test.stack.webhook}set-password`);
  });

  it('uses nothing up when it is looked at', async () => {
    const { url, user, key, email } = await invite(test);
    for (let count = 0; count < 10; count += 1) {
      expect((await ask(test, url.href)).status).toBe(200);
      expect((await ask(test, url.href, { method: 'HEAD' })).status).toBe(200);
    }
    expect((await post(test, 'set-password', { user, key, password: goodPassword })).status).toBe(303);
    expect((await logIn(email, goodPassword)).status).toBe(200);
  });

  it('shows the username to password managers, and no script, cookie or other site to anybody', async () => {
    const { url, email } = await invite(test);
    const { text, headers } = await ask(test, url.href);
    expect(text).toContain(`autocomplete="username" value="${email}"`);
    expect(text).toContain('autocomplete="new-password"');
    expect(text).not.toMatch(/<script|javascript:|src=/i);
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; form-action 'self' http: https:; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  it('offers the page that asks whose account it is, where a link was cut before it said so', async () => {
    const { url } = await invite(test);
    const { status, text } = await ask(test, url.pathname.slice(1));
    expect(status).toBe(410);
    expect(text).toContain('<form action="/forgot-password">');
    expect(text).not.toContain('type="hidden"');
  });

  it('writes as text what a CRM says', async () => {
    const { url } = await invite(test, { custom: { user_login: '"><img src=x onerror=alert(1)>' } });
    const { text } = await ask(test, url.href);
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img');
  });
});

describe('a typed password', () => {
  it.each([
    ['too short', 'elf Zeichen', 'shorter than 12 characters'],
    ['empty', '', 'shorter than 12 characters'],
    ['257 bytes', 'ab'.repeat(128).concat('c'), 'longer than 256 bytes'],
    ['129 characters of two bytes', 'éü'.repeat(64).concat('é'), 'longer than 256 bytes'],
    ['what many have', 'PasswordPassword', 'Many people'],
    ['one character', '𝄞'.repeat(12), 'one character'],
    ['one character that NFKC makes 18 of', '\ufdfa', 'shorter than 12 characters'],
    ['one character that it makes two of, again and again', '\u338f'.repeat(12), 'one character'],
    ['the site', 'example-site-2026', 'name of the site'],
  ])('that is %s is refused, says why, and keeps the key', async (_name, password, reason) => {
    const { user, key } = await invite(test);
    const refused = await post(test, 'set-password', { user, key, password });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(reason);
    expect(refused.text).not.toContain(password === '' ? 'never' : `value="${password}`);
    expect((await post(test, 'set-password', { user, key, password: goodPassword })).status).toBe(303);
  });

  it.each([
    ['the own address', (email: string) => email],
    ['the own name', () => 'Lovelace, Ada 1815!'],
  ])('that is %s is refused', async (_name, passwordOf) => {
    const { user, key, email } = await invite(test, { firstName: 'Ada', lastName: 'Lovelace' });
    const refused = await post(test, 'set-password', { user, key, password: passwordOf(email) });
    expect(refused.text).toContain('your own name, your address');
  });

  it.each([
    ['12 characters', 'zwölf Zeiche'],
    ['256 bytes', 'ab'.repeat(128)],
    ['spaces around it', '  quite a long phrase  '],
    ['letters of other scripts', 'пароль из пяти слов 👍'],
  ])('with %s is taken as it is', async (_name, password) => {
    const { email } = await member(test, password);
    expect((await logIn(email, password)).status).toBe(200);
    expect((await logIn(email, password.trim().slice(1))).status).toBe(401);
  });

  it('is in the log, by the user and what came of it', async () => {
    const { user, key } = await invite(test);
    await post(test, 'set-password', { user, key, password: 'short' });
    await post(test, 'set-password', { user, key, password: goodPassword });
    await post(test, 'set-password', { user, key, password: goodPassword });
    const about = { message: 'site', action: 'set_password' };
    expect(test.log.slice(-3)).toMatchObject([
      { ...about, user_id: user, status: 422, result: 'refused', error_code: 'password_refused' },
      { ...about, user_id: user, status: 303, result: 'password_set' },
      { ...about, status: 410, result: 'refused', error_code: 'link_over' },
    ]);
  });

  it('leads to the site', async () => {
    const { user, key } = await invite(test);
    const answer = await post(test, 'set-password', { user, key, password: goodPassword });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, 'https://www.example.com/']);
  });

  it('is set by one of many at once', async () => {
    const { user, key } = await invite(test);
    const passwords = Array.from({ length: 8 }, (_, index) => `${goodPassword} ${index}`);
    const answers = await Promise.all(
      passwords.map((password) => post(test, 'set-password', { user, key, password })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(7).fill(410)]);
    const winner = passwords[answers.findIndex(({ status }) => status === 303)] ?? '';
    const { email } = (await findById(test.users, user)) ?? { email: '' };
    expect((await logIn(email, winner)).status).toBe(200);
  });

  it('is told of by mail when there was one before, and the first one is not', async () => {
    const person = await member(test);
    await workOff(test);
    expect(person.mails()).toHaveLength(1);
    await post(test, 'forgot-password', { login: person.email });
    await workOff(test);
    const { user, key } = linkIn(person.mails());
    await post(test, 'set-password', { user, key, password: 'another horse battery' });
    await workOff(test);
    expect(person.mails().map(({ subject }) => subject)).toEqual([
      '[Example Site] Your account',
      '[Example Site] Choose a new password',
      '[Example Site] Your password was changed',
    ]);
    expect(person.mails().at(-1)?.text).toContain(`${test.stack.webhook}forgot-password`);
  });
});

describe('a link that has ended', () => {
  it('is one page with 410, whether it is used, wrong or over', async () => {
    const used = await member(test);
    const wrong = await invite(test);
    const late = await invite(test);
    const links = [
      used.url,
      new URL(wrong.url.href.replace(/key=.*/, 'key=wrong')),
      new URL(wrong.url.href.replace(wrong.user, 'nobody')),
    ];
    clock.pass(25 * 60);
    const answers = await Promise.all([...links, late.url].map((url) => ask(test, url.href)));
    expect(answers.map(({ status }) => status)).toEqual(Array(4).fill(410));
    const plain = answers.map(({ text }) => text.replace(/name="user" value="[^"]*"/, ''));
    expect(new Set(plain).size).toBe(1);
    const { user, key } = late;
    expect((await post(test, 'set-password', { user, key, password: goodPassword })).status).toBe(410);
  });

  it('offers a new one to the present address', async () => {
    const person = await member(test);
    const { text } = await ask(test, person.url.href);
    expect(text).toContain(`name="user" value="${person.user}"`);
    await post(test, 'forgot-password', { user: person.user });
    await workOff(test);
    const { user, key } = linkIn(person.mails());
    expect((await post(test, 'set-password', { user, key, password: 'another horse battery' })).status).toBe(
      303,
    );
  });
});
