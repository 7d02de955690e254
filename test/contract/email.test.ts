import { expect, it } from '@jest/globals';
import { findByEmail } from '../../functions/users/find.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, newContact, newEmail, newUser } from './contacts.ts';

useTestStack({ config: withoutPasswords });

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
