import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { findByEmail } from '../../functions/users/find.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, existingUser, newContact, newEmail, newUser } from './contacts.ts';

useTestStack({ config: withoutPasswords });

const other = 'userengage';

describe('add makes a contact a user', () => {
  it('with its address, names, mapped fields and tags, and the default role', async () => {
    const email = newEmail();
    const draft = { email, firstName: 'Ada', lastName: 'Lovelace', phone: '+44 555 0100', city: 'London' };
    const id = newContact(test, crm, { ...draft, tags: ['customer', 'newsletter'] });
    const answer = await webhook(test, crm, 'add', id);
    const user = await existingUser(test, crm, id);
    expect(answer.body.data).toEqual({
      user_id: user.id,
      method: 'add',
      result: 'created',
      contact_id: id,
      warnings: [],
    });
    expect(user).toMatchObject({
      email,
      login: email,
      role: 'subscriber',
      tags: ['customer', 'newsletter'],
      contacts: { [crm]: id },
      fields: {
        first_name: 'Ada',
        last_name: 'Lovelace',
        display_name: 'Ada Lovelace',
        phone: '+44 555 0100',
        city: 'London',
      },
    });
    expect(user.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('with nothing but an address', async () => {
    const email = newEmail();
    const id = newContact(test, crm, { email });
    expect((await webhook(test, crm, 'add', id)).body.data.result).toBe('created');
    expect(await test.userOf(crm, id)).toMatchObject({ email, login: email, tags: [] });
  });

  it.each([null, 'not-an-address'])('is 422 email_missing for the address %j', async (email) => {
    const id = newContact(test, crm, { email });
    const answer = await webhook(test, crm, 'add', id);
    expect([answer.status, answer.body.error.code]).toEqual([422, 'email_missing']);
    expect(await test.userOf(crm, id)).toBeUndefined();
  });
});

describe('the username', () => {
  it('is the CRM field mapped to user_login', async () => {
    const user_login = `login-${randomUUID()}`;
    const { user } = await newUser(test, crm, { custom: { user_login } });
    expect(user.login).toBe(user_login);
    expect(user.fields).not.toHaveProperty('user_login');
  });

  it('is the address when that field is empty', async () => {
    const { user } = await newUser(test, crm, { custom: { user_login: ' ' } });
    expect(user.login).toBe(user.email);
  });

  it('taken by another user, in whatever case, is 422 login_taken and changes nothing', async () => {
    const { user: holder } = await newUser(test, crm, { custom: { user_login: `Taken-${randomUUID()}` } });
    for (const user_login of [holder.login, holder.login.toUpperCase(), ` ${holder.login} `]) {
      const email = newEmail();
      const id = newContact(test, crm, { email, custom: { user_login } });
      const answer = await webhook(test, crm, 'add', id);
      expect([answer.status, answer.body.error.code]).toEqual([422, 'login_taken']);
      expect(await test.userOf(crm, id)).toBeUndefined();
      expect(await findByEmail(test.users, email)).toBeUndefined();
    }
  });

  it("that is another user's address is taken too: people log in with either", async () => {
    const { user: holder } = await newUser(test, crm, { custom: { user_login: `login-${randomUUID()}` } });
    const id = newContact(test, crm, { custom: { user_login: holder.email } });
    expect((await webhook(test, crm, 'add', id)).body.error.code).toBe('login_taken');
  });

  it("gets a tail when it is the address, and that is somebody's username", async () => {
    const email = newEmail();
    await newUser(test, crm, { custom: { user_login: email } });
    const id = newContact(test, crm, { email });
    const answer = await webhook(test, crm, 'add', id);
    expect(answer.body.data).toMatchObject({ result: 'created', warnings: ['login_in_use'] });
    const { login } = await existingUser(test, crm, id);
    expect(login.startsWith(`${email}-`)).toBe(true);
  });

  it('never changes afterwards', async () => {
    const { id, user } = await newUser(test, crm);
    changeContact(test, crm, id, { custom: { user_login: `later-${randomUUID()}` } });
    expect((await webhook(test, crm, 'add', id)).body.data.result).toBe('unchanged');
    expect(await test.userOf(crm, id)).toEqual({ ...user, looks: 1 });
  });
});

describe('add for an existing user', () => {
  it('updates it as update does', async () => {
    const { id, user } = await newUser(test, crm, { firstName: 'Ada', tags: ['old'] });
    changeContact(test, crm, id, { firstName: 'Augusta', tags: ['new'] });
    const answer = await webhook(test, crm, 'add', id, { role: 'editor' });
    expect(answer.body.data).toMatchObject({ method: 'add', result: 'updated', user_id: user.id });
    expect(await test.userOf(crm, id)).toMatchObject({
      id: user.id,
      role: 'editor',
      tags: ['new'],
      fields: { first_name: 'Augusta' },
    });
  });

  it.each([
    ['same case', (email: string) => email],
    ['another case', (email: string) => email.toUpperCase()],
  ])("finds it by the address in the other CRM's record, in %s, and links both", async (_name, spell) => {
    const { id, user } = await newUser(test, other, { tags: ['theirs'] });
    const twin = newContact(test, crm, { email: spell(user.email), tags: ['ours'] });
    const answer = await webhook(test, crm, 'add', twin);
    expect(answer.body.data).toMatchObject({ result: 'updated', user_id: user.id, contact_id: twin });
    expect(await test.userOf(crm, twin)).toMatchObject({
      id: user.id,
      login: user.login,
      tags: ['ours'],
      contacts: { [crm]: twin, [other]: id },
    });
  });

  it('re-links it to a contact that was merged or created anew', async () => {
    const { id: former, user } = await newUser(test, crm, { tags: ['old'] });
    test[crm].people.remove(former);
    const id = newContact(test, crm, { email: user.email, tags: ['new'] });
    const answer = await webhook(test, crm, 'add', id);
    expect(answer.body.data).toMatchObject({ result: 'updated', user_id: user.id, contact_id: id });
    expect(await test.userOf(crm, id)).toMatchObject({ id: user.id, tags: ['new'], contacts: { [crm]: id } });
    expect(await test.userOf(crm, former)).toBeUndefined();
    expect((await webhook(test, crm, 'add', id)).body.data.result).toBe('unchanged');
  });
});

it.each(['update', 'add'])('moves the user to the new one: %s', async (action) => {
  const { id, user } = await newUser(test, crm);
  const email = newEmail('moved');
  changeContact(test, crm, id, { email });
  const answer = await webhook(test, crm, action, id);
  expect(answer.body.data).toMatchObject({ result: 'updated', user_id: user.id, warnings: [] });
  expect(await findByEmail(test.users, email)).toMatchObject({ id: user.id, email, login: email });
  expect(await findByEmail(test.users, user.email)).toBeUndefined();
});

it('leaves the old one to whoever comes next', async () => {
  const { id, user } = await newUser(test, crm, { custom: { user_login: newEmail('login') } });
  changeContact(test, crm, id, { email: newEmail('moved') });
  await webhook(test, crm, 'update', id);
  const next = newContact(test, crm, { email: user.email });
  const answer = await webhook(test, crm, 'add', next);
  expect(answer.body.data).toMatchObject({ result: 'created', warnings: [] });
  expect(answer.body.data.user_id).not.toBe(user.id);
});

it('stays when another user holds the new one: the rest is applied, with email_in_use', async () => {
  const { user: holder } = await newUser(test, crm);
  const { id, user } = await newUser(test, crm, { firstName: 'Ada', tags: ['old'] });
  changeContact(test, crm, id, { email: holder.email, firstName: 'Augusta', tags: ['new'] });
  const answer = await webhook(test, crm, 'update', id, { role: 'editor' });
  expect(answer.status).toBe(200);
  expect(answer.body.data).toMatchObject({
    result: 'updated',
    user_id: user.id,
    warnings: ['email_in_use'],
  });
  expect(await test.userOf(crm, id)).toMatchObject({
    email: user.email,
    role: 'editor',
    tags: ['new'],
    fields: { first_name: 'Augusta' },
  });
  expect(await findByEmail(test.users, holder.email)).toMatchObject({ id: holder.id });
});

it('is in use in whatever case', async () => {
  const { user: holder } = await newUser(test, crm);
  const { id, user } = await newUser(test, crm);
  changeContact(test, crm, id, { email: holder.email.toUpperCase() });
  const answer = await webhook(test, crm, 'add', id);
  expect(answer.body.data).toMatchObject({
    result: 'unchanged',
    user_id: user.id,
    warnings: ['email_in_use'],
  });
});

it('is taken over later, when it is free', async () => {
  const { id: holderId, user: holder } = await newUser(test, crm);
  const { id, user } = await newUser(test, crm);
  changeContact(test, crm, id, { email: holder.email });
  await webhook(test, crm, 'update', id);
  changeContact(test, crm, holderId, { email: newEmail('moved') });
  await webhook(test, crm, 'update', holderId);
  expect((await webhook(test, crm, 'update', id)).body.data.warnings).toEqual([]);
  expect(await findByEmail(test.users, holder.email)).toMatchObject({ id: user.id });
});

it('in its case only is written, and nobody is in the way', async () => {
  const { id, user } = await newUser(test, crm, { email: newEmail('Case') });
  const email = user.email.toUpperCase();
  changeContact(test, crm, id, { email });
  expect((await webhook(test, crm, 'update', id)).body.data).toMatchObject({
    result: 'updated',
    warnings: [],
  });
  expect(await findByEmail(test.users, user.email)).toMatchObject({ id: user.id, email });
});

it.each(['ada@example.com\r\nBcc: eve@example.com'])(
  'to %j leaves the stored one, with a warning that names the field',
  async (email) => {
    const { id, user } = await newUser(test, crm, { tags: ['old'] });
    changeContact(test, crm, id, { email, tags: ['new'] });
    const answer = await webhook(test, crm, 'update', id);
    expect(answer.body.data).toMatchObject({ result: 'updated', warnings: ['field_invalid:user_email'] });
    expect(await test.userOf(crm, id)).toMatchObject({ email: user.email, tags: ['new'] });
  },
);
