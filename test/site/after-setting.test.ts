import { expect, it } from '@jest/globals';
import { findById } from '../../functions/users/find.ts';
import { keepMailState } from '../../functions/users/mail-state.ts';
import type { User } from '../../functions/users/user.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { changeContact, newEmail } from '../contract/contacts.ts';
import { mailsTo } from '../integration/contacts.ts';
import { deliver, takeJobs, workOff } from '../support/jobs.ts';
import { noteSecret } from '../support/leaks.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { api, Clock, goodPassword, invite, ip, linkIn, member, post } from './site.ts';

const clock = new Clock();
const loginUrl = 'https://www.example.com/вход?zurück=ja';
useTestStack({
  config: { ...withoutPasswords, site: { ...withoutPasswords.site, loginUrl } },
  withPoller: false,
  adjust: (services) => ({ ...services, now: clock.now }),
});

type Person = Awaited<ReturnType<typeof member>>;
const another = 'another horse battery';
noteSecret(another);

const stored = async ({ user }: Pick<Person, 'user'>) => (await findById(test.users, user)) as User;

/** Somebody who has just chosen another password; the mail that tells of it is still to be sent. */
async function changed(draft: object = {}): Promise<Person> {
  const person = await member(test, goodPassword, draft);
  await post(test, 'forgot-password', { login: person.email });
  await workOff(test);
  const { user, key } = linkIn(person.mails());
  expect((await post(test, 'set-password', { user, key, password: another })).status).toBe(303);
  return person;
}

async function move({ contactId }: Person): Promise<string> {
  const email = newEmail('new');
  changeContact(test, crm, contactId, { email });
  await webhook(test, crm, 'update', contactId);
  return email;
}

it('leads to a page of the site whose address is not written in ASCII', async () => {
  const { user, key } = await invite(test);
  const answer = await post(test, 'set-password', { user, key, password: goodPassword });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, new URL(loginUrl).href]);
});

it('has worked, even if the failed tries cannot be forgotten', async () => {
  const { user, key, email } = await invite(test);
  const { documents } = test.stack.services;
  const { send } = documents;
  documents.send = ((command: object, ...rest: never[]) =>
    command.constructor.name === 'QueryCommand'
      ? Promise.reject(Object.assign(new Error('throttled'), { $metadata: {} }))
      : (send as (...all: unknown[]) => unknown).call(documents, command, ...rest)) as typeof send;
  try {
    expect((await post(test, 'set-password', { user, key, password: goodPassword })).status).toBe(303);
  } finally {
    documents.send = send;
  }
  expect((await api(test, 'login', { login: email, password: goodPassword, ip })).status).toBe(200);
});

it('tells the mailbox before nothing of an account that has moved since', async () => {
  const person = await changed();
  const next = await move(person);
  await workOff(test);
  const told = mailsTo(test, person.email);
  expect(told.at(-1)?.subject).toBe('[Example Site] Your address was taken off an account');
  expect(JSON.stringify(told)).not.toContain(next);
});

it('mails nothing to a mailbox that has complained', async () => {
  const person = await changed();
  const before = person.mails().length;
  await keepMailState(test.users, await stored(person), {
    state: 'complained',
    at: new Date().toISOString(),
  });
  await workOff(test);
  expect(person.mails()).toHaveLength(before);
  expect((await stored(person)).effects).toEqual({});
  expect(test.log.at(-1)).toMatchObject({ action: 'effects', warnings: ['mail_complained'] });
});

it('a link that was asked for at the address before keeps nobody at the new one from getting one', async () => {
  const person = await member(test);
  test.ses.failNext('server-error');
  await post(test, 'forgot-password', { login: person.email });
  const [job] = await takeJobs(test);
  expect(job && (await deliver(test, job))).toBe('failed');
  const next = await move(person);
  await workOff(test);
  clock.pass(6);
  const before = mailsTo(test, next).length;
  await post(test, 'forgot-password', { login: next });
  await workOff(test);
  expect(mailsTo(test, next)).toHaveLength(before + 1);
});
