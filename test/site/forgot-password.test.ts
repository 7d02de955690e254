import { describe, expect, it } from '@jest/globals';
import { askLimit, networkDigest } from '../../functions/site/ask-limit.ts';
import { countTry, triesKey } from '../../functions/users/tries.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { changeContact } from '../contract/contacts.ts';
import { deliver, takeJobs, workOff } from '../support/jobs.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { ask, Clock, goodPassword, invite, linkIn, member, post } from './site.ts';

const clock = new Clock();
useTestStack({
  config: withoutPasswords,
  withPoller: false,
  adjust: (services) => ({ ...services, now: clock.now }),
});

/** Asks from another network, as API Gateway would say. */
async function askFrom(sourceIp: string, login: string) {
  return test.stack.handler(
    {
      version: '2.0',
      rawPath: '/forgot-password',
      rawQueryString: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ login }).toString(),
      isBase64Encoded: false,
      requestContext: { requestId: `r-${sourceIp}`, http: { method: 'POST', sourceIp } },
    } as never,
    {} as never,
  );
}

const linkMails = (person: { mails: () => readonly { subject: string }[] }) =>
  person.mails().filter(({ subject }) => subject.includes('Choose a new password')).length;

describe('who has forgotten the password', () => {
  it('gets a link by address, in any spelling, or by username', async () => {
    const byAddress = await member(test);
    const byName = await member(test, goodPassword, { custom: { user_login: `Name.${Date.now()}` } });
    const { login } = (await test.userOf(crm, byName.contactId)) ?? { login: '' };
    await post(test, 'forgot-password', { login: ` ${byAddress.email.toUpperCase()} ` });
    await post(test, 'forgot-password', { login: login.toLowerCase() });
    await workOff(test);
    for (const person of [byAddress, byName]) {
      expect(linkMails(person)).toBe(1);
      const { user, key } = linkIn(person.mails());
      expect(
        (await post(test, 'set-password', { user, key, password: 'another horse battery' })).status,
      ).toBe(303);
    }
  });

  it('keeps the present password until another one is set', async () => {
    const person = await member(test);
    const before = await test.userOf(crm, person.contactId);
    await post(test, 'forgot-password', { login: person.email });
    await workOff(test);
    expect((await test.userOf(crm, person.contactId))?.passwordHash).toBe(before?.passwordHash);
  });

  it('is answered the same whoever exists, without a look at any user', async () => {
    const { email } = await member(test);
    const keys: string[] = [];
    const { documents } = test.stack.services;
    const { send } = documents;
    documents.send = ((command: { input: { Key?: { pk: string } } }, ...rest: never[]) => {
      keys.push(String(command.input.Key?.pk));
      return (send as (...all: unknown[]) => unknown).call(documents, command, ...rest);
    }) as typeof send;
    const known = await post(test, 'forgot-password', { login: email });
    const unknown = await post(test, 'forgot-password', { login: 'nobody@example.com' });
    documents.send = send;
    // Only who asks is counted, and by the network.
    expect(new Set(keys)).toEqual(new Set([triesKey(askLimit(networkDigest('127.0.0.1'))).pk]));
    expect([known.status, known.text]).toEqual([200, unknown.text]);
    await workOff(test);
    expect(test.log.at(-1)).toMatchObject({ message: 'job', action: 'link', result: 'nobody' });
  });

  it('gets nothing where mails do not reach, and that is in the log', async () => {
    const person = await member(test);
    const user = await test.userOf(crm, person.contactId);
    const { keepMailState } = await import('../../functions/users/mail-state.ts');
    await keepMailState(test.users, user as never, { state: 'bounced', at: new Date().toISOString() });
    await post(test, 'forgot-password', { login: person.email });
    await workOff(test);
    expect(linkMails(person)).toBe(0);
    expect(test.log.at(-1)).toMatchObject({ action: 'link', warnings: ['mail_bounced'] });
  });

  it('gets the mail all the same when SES fails at first', async () => {
    const person = await member(test);
    test.ses.failNext('server-error');
    await post(test, 'forgot-password', { login: person.email });
    const [job] = await takeJobs(test);
    if (!job) throw new Error('There is no job.');
    expect(await deliver(test, job)).toBe('failed');
    expect(linkMails(person)).toBe(0);
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
    expect(linkMails(person)).toBe(1);
  });

  it('gets no key to an account that has moved since', async () => {
    const person = await member(test);
    await post(test, 'forgot-password', { login: person.email });
    const moved = `moved.${person.email}`;
    changeContact(test, crm, person.contactId, { email: moved });
    await webhook(test, crm, 'update', person.contactId);
    await workOff(test);
    expect(linkMails(person)).toBe(0);
  });
});

it('is refused to a network that asks for ever more people, and to no other', async () => {
  const limit = askLimit(networkDigest('203.0.113.200'));
  for (let count = 0; count < limit.most - 1; count += 1)
    await countTry({ ...test.users, now: clock.now }, [limit]);
  expect(await askFrom('203.0.113.201', 'nobody@example.com')).toMatchObject({ statusCode: 200 });
  expect(await askFrom('203.0.113.202', 'another@example.com')).toMatchObject({
    statusCode: 429,
    headers: { 'content-type': 'text/html; charset=utf-8', 'retry-after': expect.any(String) },
  });
  expect(await workOff(test)).toHaveLength(1);
  expect(await askFrom('203.0.114.1', 'another@example.com')).toMatchObject({ statusCode: 200 });
  await workOff(test);
});

describe('links for one user', () => {
  it('are one in five minutes, five a day for a network, twenty a day in all', async () => {
    const person = await member(test);
    const askOften = async (ip: string, times: number) => {
      for (let count = 0; count < times; count += 1) {
        await askFrom(ip, person.email);
        await workOff(test);
        clock.pass(6);
      }
    };
    await askFrom('192.0.2.1', person.email);
    await workOff(test);
    await askFrom('198.51.100.1', person.email);
    await workOff(test);
    expect(linkMails(person)).toBe(1);
    clock.pass(6);
    await askOften('192.0.2.200', 6);
    expect(linkMails(person)).toBe(5);
    await askOften('2001:db8::1', 3);
    await askOften('2001:db8::2', 3);
    expect(linkMails(person)).toBe(10);
    await askOften('203.0.113.1', 6);
    await askOften('198.51.100.1', 7);
    expect(linkMails(person)).toBe(20);
    clock.pass(25 * 60);
    await askOften('192.0.2.1', 1);
    expect(linkMails(person)).toBe(21);
  });

  it('do not keep a key that is still good from being used', async () => {
    const person = await invite(test);
    for (let count = 0; count < 3; count += 1) await post(test, 'forgot-password', { login: 'nobody' });
    const { user, key } = person;
    expect((await post(test, 'set-password', { user, key, password: goodPassword })).status).toBe(303);
  });
});

it('is a page that asks whose account it is', async () => {
  const { status, text } = await ask(test, 'forgot-password');
  expect(status).toBe(200);
  expect(text).toContain('Forgot your password?');
  expect((await post(test, 'forgot-password', { login: ' ' })).status).toBe(422);
  expect(test.log.at(-1)).toMatchObject({ action: 'forgot_password', status: 422, result: 'refused' });
});
