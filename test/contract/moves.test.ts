import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyPassword } from '../../functions/users/password.ts';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import { mailsTo } from '../integration/contacts.ts';
import { inconsistencies } from '../integration/table-state.ts';
import { workOff } from '../support/jobs.ts';
import { noteSecret } from '../support/leaks.ts';
import { crm, startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { countingRandom } from '../unit/counting-random.ts';
import { patient, withoutPasswords } from './configs.ts';
import {
  changeContact,
  type crms,
  existingUser,
  fieldInCrm,
  newContact,
  newEmail,
  newUser,
  passwordField,
} from './contacts.ts';

let test: TestStack;
let returning: TestStack;
let silent: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: withoutPasswords, withPoller: false });
  returning = await startTestStack({ config: patient, withPoller: false });
  silent = await startTestStack({
    config: { ...withoutPasswords, mail: { ...withoutPasswords.mail, tellMoved: false } },
    withPoller: false,
  });
});
afterAll(async () => {
  for (const stack of [test, returning, silent]) {
    expect(await inconsistencies(stack.users)).toEqual([]);
    await stack.stop();
  }
});

type Crm = (typeof crms)[number];
const keyIn = (text = '') => /key=([\w-]+)/.exec(text)?.[1] ?? '';
const password = 'set by whoever has the mail';
noteSecret(password);

/** What somebody does who has a mailbox: takes the newest key in it and sets a password. */
function useKey(stack: TestStack, userId: string, email: string): Promise<boolean> {
  const key = keyIn(mailsTo(stack, email).at(-1)?.text);
  return setPasswordWithKey(stack.users, countingRandom(), { userId, key, password });
}

/** A user who was welcomed. */
async function welcomed(stack: TestStack, crm: Crm, draft: Parameters<typeof newContact>[2] = {}) {
  const email = newEmail('old');
  const id = newContact(stack, crm, { email, ...draft });
  await webhook(stack, crm, 'add', id, { send_notification: 'true' });
  await workOff(stack);
  return { id, email, user: await existingUser(stack, crm, id) };
}

async function move(stack: TestStack, crm: Crm, id: string, email = newEmail('new')): Promise<string> {
  changeContact(stack, crm, id, { email });
  expect((await webhook(stack, crm, 'update', id)).body.data.warnings).toEqual([]);
  await workOff(stack);
  return email;
}

describe('a moved address', () => {
  it('ends what the old mailbox has set, and the new one gets a key', async () => {
    const { id, email, user } = await welcomed(test, crm);
    expect(await useKey(test, user.id, email)).toBe(true);
    const next = await move(test, crm, id);
    const moved = await existingUser(test, crm, id);
    expect(moved).toMatchObject({ id: user.id, email: next, login: next, effects: {} });
    expect(moved.passwordHash).toBeUndefined();
    expect(mailsTo(test, next)).toHaveLength(1);
    expect(await useKey(test, user.id, next)).toBe(true);
    const [, told] = mailsTo(test, email);
    expect(told?.subject).toBe('[Example Site] Your address was taken off an account');
    expect(told?.text).toContain(email);
    expect(JSON.stringify(told)).not.toContain(next);
    expect(JSON.stringify(told)).not.toContain('key=');
  });

  it('ends an unused key', async () => {
    const { id, email, user } = await welcomed(test, crm);
    await move(test, crm, id);
    expect(await useKey(test, user.id, email)).toBe(false);
  });

  it('gets no welcome mail where nobody has asked for one', async () => {
    const { id, user } = await newUser(test, crm);
    const next = await move(test, crm, id);
    expect(mailsTo(test, next)).toEqual([]);
    expect(mailsTo(test, user.email)).toHaveLength(1);
  });

  it('that only is spelt otherwise is none', async () => {
    const { id, email, user } = await welcomed(test, crm);
    await useKey(test, user.id, email);
    await move(test, crm, id, email.toUpperCase());
    expect(await existingUser(test, crm, id)).toMatchObject({ passwordHash: expect.any(String) });
    expect(mailsTo(test, email)).toHaveLength(1);
  });

  it('moves the names that were made of it', async () => {
    const { id } = await welcomed(test, crm, { firstName: '', lastName: '' });
    const next = await move(test, crm, id);
    expect((await existingUser(test, crm, id)).fields).toMatchObject({ nickname: next });
    const named = await welcomed(test, crm, { custom: { user_login: `ada ${id}` } });
    await move(test, crm, named.id);
    expect(await existingUser(test, crm, named.id)).toMatchObject({ login: `ada ${id}` });
  });

  it('swapped between two ends the passwords of both', async () => {
    const [one, two] = [await welcomed(test, crm), await welcomed(test, crm)];
    for (const { email, user } of [one, two]) await useKey(test, user.id, email);
    changeContact(test, crm, one.id, { email: two.email });
    changeContact(test, crm, two.id, { email: one.email });
    await webhook(test, crm, 'update', one.id);
    await workOff(test);
    for (const [person, other] of [
      [one, two],
      [two, one],
    ] as const) {
      const user = await existingUser(test, crm, person.id);
      expect(user).toMatchObject({ id: person.user.id, email: other.email, login: other.email });
      expect(user.passwordHash).toBeUndefined();
      expect(await useKey(test, user.id, person.email)).toBe(false);
    }
  });

  it('returns a new password where the connection returns them, and ends the old one', async () => {
    const { id, user } = await newUser(returning, crm);
    await workOff(returning);
    const first = String(fieldInCrm(returning, crm, id, passwordField[crm]));
    const hash = (await existingUser(returning, crm, id)).passwordHash ?? '';
    expect(await verifyPassword(first, hash)).toBe(true);
    await move(returning, crm, id);
    const second = String(fieldInCrm(returning, crm, id, passwordField[crm]));
    const after = await existingUser(returning, crm, id);
    expect(after.id).toBe(user.id);
    expect(await verifyPassword(second, after.passwordHash ?? '')).toBe(true);
    expect(await verifyPassword(first, after.passwordHash ?? '')).toBe(false);
  });

  it('is told to nobody where the configuration says so', async () => {
    const { id, email } = await welcomed(silent, crm);
    await move(silent, crm, id);
    expect(mailsTo(silent, email)).toHaveLength(1);
  });
});

describe('two contacts of one user with two addresses', () => {
  const [one, two] = ['encharge', 'userengage'] as const;

  /** A user with a contact in each, of one address. */
  async function ofBoth() {
    const person = await welcomed(test, one);
    const other = newContact(test, two, { email: person.email });
    await webhook(test, two, 'add', other);
    return { ...person, other };
  }

  it('move their user only when their own contact changes', async () => {
    const { id, user, other } = await ofBoth();
    const next = await move(test, two, other);
    for (let round = 0; round < 2; round += 1) {
      for (const action of ['update', 'add', 'update_tags']) {
        await webhook(test, one, action, id);
        await webhook(test, two, action, other);
      }
      expect(await existingUser(test, one, id)).toMatchObject({ id: user.id, email: next });
    }
    const last = await move(test, one, id);
    await webhook(test, two, 'update', other);
    expect(await existingUser(test, two, other)).toMatchObject({ id: user.id, email: last });
  });

  it('move nobody by an address that was emptied and comes back, but by another one', async () => {
    const { id, email, other } = await ofBoth();
    const next = await move(test, two, other);
    for (const emptied of [null, '', email]) {
      changeContact(test, one, id, { email: emptied });
      expect((await webhook(test, one, 'update', id)).body.data.warnings).toEqual([]);
      expect(await existingUser(test, one, id)).toMatchObject({ email: next });
    }
    changeContact(test, one, id, { email: null });
    await webhook(test, one, 'add', id);
    const last = await move(test, one, id);
    expect(await existingUser(test, two, other)).toMatchObject({ email: last });
  });
});
