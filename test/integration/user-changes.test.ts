import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { otherMailbox } from '../../functions/actions/other-mailbox.ts';
import { askedWelcome } from '../../functions/users/asked-welcome.ts';
import { findById } from '../../functions/users/find.ts';
import { keepMailState } from '../../functions/users/mail-state.ts';
import { claimEffect, finishEffect } from '../../functions/users/pending-effects.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { changedUser } from '../../functions/users/user-change.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import config from '../../usher.config.ts';
import { bounceOf, snsEvent, tellOfMail } from '../support/ses-events.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { countingRandom } from '../unit/counting-random.ts';
import { newEmail, putContact } from './contacts.ts';
import { inconsistencies } from './table-state.ts';

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ withPoller: false });
});
afterAll(async () => {
  expect(await inconsistencies(test.users)).toEqual([]);
  await test.stop();
});

async function newUser(query: Record<string, string> = {}): Promise<User> {
  const id = putContact(test, 'encharge', { email: newEmail(), tags: ['vip'] });
  await webhook(test, 'encharge', 'add', id, query);
  const user = await test.userOf('encharge', id);
  if (!user) throw new Error('There is no user.');
  return user;
}

const now = () => new Date().toISOString();
const ports = { config, random: countingRandom(), now: () => new Date() };
const free = (email: string) => ({ email, isNameTaken: false });
const bounced = { state: 'bounced', at: '2026-03-01T12:00:00.000Z' } as const;

describe('a welcome mail that is asked for again', () => {
  it('waits while one is being sent: done, that one would take off this one', async () => {
    const user = await newUser({ send_notification: 'true' });
    await claimEffect(test.users, user.id, 'welcome_mail', { email: user.email });
    const asks = () => updateUser(test.users, user, askedWelcome(now()));
    await expect(asks()).rejects.toThrow(WriteConflict);
    await finishEffect(test.users, user.id, 'welcome_mail');
    await asks();
    expect((await findById(test.users, user.id))?.effects).toHaveProperty('welcome_mail');
  });

  it('takes the place of one whose job died over it', async () => {
    const user = await newUser({ send_notification: 'true' });
    const past = { ...test.users, now: () => new Date(Date.now() - 120_000) };
    await claimEffect(past, user.id, 'welcome_mail', { email: user.email });
    await updateUser(test.users, user, askedWelcome(now()));
    expect((await findById(test.users, user.id))?.effects.welcome_mail).toEqual({
      since: expect.any(String),
    });
  });
});

describe('what an operator writes', () => {
  it.each<[string, (user: User) => Parameters<typeof updateUser>[2]]>([
    ['a link less', () => ({ unlinked: 'encharge' })],
    ['another mailbox', (user) => otherMailbox({ ...user, welcomeAsked: now() }, free(newEmail()), ports)],
    ['another role', () => ({ role: 'administrator', roleAt: now() })],
    ['a mail again', () => ({ ...askedWelcome(now()), triesMailAgain: true })],
  ])('is what is read afterwards: %s', async (_what, changeOf) => {
    const user = await newUser();
    await keepMailState(test.users, user, bounced);
    const read = (await findById(test.users, user.id)) as User;
    const change = changeOf(read);
    const written = await updateUser(test.users, read, change);
    expect(await findById(test.users, user.id)).toEqual(written);
    expect(written).toEqual(changedUser(read, change, written.updated));
    await expect(updateUser(test.users, read, change)).rejects.toThrow(WriteConflict);
  });

  it('ends what a look-alike of the address may have set', async () => {
    const user = { ...(await newUser()), email: 'ﬁona@example.com' };
    expect(otherMailbox(user, free('fiona@example.com'), ports)).toMatchObject({ endsCredentials: true });
    expect(otherMailbox({ ...user, email: 'Fiona@example.com' }, free('fiona@example.com'), ports)).toEqual({
      email: 'fiona@example.com',
    });
  });
});

describe('an event of a mailbox', () => {
  it('looks again when its user moves meanwhile', async () => {
    const user = await newUser();
    await updateUser(test.users, user, { email: newEmail() });
    await expect(keepMailState(test.users, user, bounced)).rejects.toThrow(WriteConflict);
    await expect(keepMailState(test.users, { ...user, id: randomUUID() }, bounced)).rejects.toThrow(
      WriteConflict,
    );
  });

  it('disturbs no webhook that is under way', async () => {
    const user = await newUser();
    await keepMailState(test.users, user, bounced);
    await updateUser(test.users, user, { role: 'customer' });
    expect(await findById(test.users, user.id)).toMatchObject({ role: 'customer', mail: bounced });
  });

  it('fails the invocation when it cannot be kept, so that Lambda tries again', async () => {
    const { email } = await newUser();
    const context = createLambdaContext({ timeoutMs: 30_000 });
    const gone = { ...context, getRemainingTimeInMillis: () => 0 };
    const event = snsEvent(bounceOf(email));
    await expect(test.stack.handler(event, gone)).rejects.toMatchObject({ retryable: true });
    expect(test.log.at(-1)).toMatchObject({ message: 'mail_event', result: 'failed' });
    await tellOfMail(test, bounceOf(email));
    expect(test.log.at(-1)).toMatchObject({ message: 'mail_event', result: 'kept' });
  });
});
