import { describe, expect, it } from '@jest/globals';
import { findByEmail, findById } from '../../functions/users/find.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, existingUser, newContact, newEmail, newUser } from './contacts.ts';

useTestStack({ config: withoutPasswords });

const other = 'userengage';
const byUrl = (query: Record<string, string>) => {
  return request(test, { query: { access_key: keyOf(test), ...query } });
};

describe('update', () => {
  it("writes the contact's mapped fields and its tags", async () => {
    const { id, user } = await newUser(test, crm, { firstName: 'Ada', lastName: 'Byron', tags: ['a', 'b'] });
    changeContact(test, crm, id, {
      firstName: 'Ada',
      lastName: 'Lovelace',
      phone: '+44 555 0101',
      tags: ['b', 'c'],
      custom: { vip: true, orders: 7 },
    });
    const answer = await webhook(test, crm, 'update', id);
    expect(answer.body.data).toEqual({
      user_id: user.id,
      method: 'update',
      result: 'updated',
      contact_id: id,
      warnings: [],
    });
    expect(await test.userOf(crm, id)).toMatchObject({
      id: user.id,
      email: user.email,
      login: user.login,
      role: user.role,
      tags: ['b', 'c'],
      fields: { first_name: 'Ada', last_name: 'Lovelace', phone: '+44 555 0101', vip: true, orders: 7 },
    });
  });

  it('leaves alone what is not mapped', async () => {
    const { id } = await newUser(test, crm);
    changeContact(test, crm, id, { custom: { bio: 'not mapped' } });
    expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('unchanged');
    expect(JSON.stringify(await test.userOf(crm, id))).not.toContain('not mapped');
  });

  it('writes nothing when nothing changed, and says so', async () => {
    const { id } = await newUser(test, crm, {
      firstName: 'Ada',
      tags: ['a'],
      custom: { vip: false, score: 0 },
    });
    await test.idle();
    const before = await existingUser(test, crm, id);
    const answer = await webhook(test, crm, 'update', id);
    expect(answer.body.data).toMatchObject({ result: 'unchanged', user_id: before.id, contact_id: id });
    expect(await test.userOf(crm, id)).toEqual({ ...before, looks: 1 });
  });

  it('never creates a user: 200 success:false user_not_found', async () => {
    const id = newContact(test, crm);
    const answer = await webhook(test, crm, 'update', id, { send_notification: 'true', role: 'editor' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ success: false, error: { code: 'user_not_found' } });
    expect(await test.userOf(crm, id)).toBeUndefined();
  });

  it('of a contact that lost its address leaves the stored one', async () => {
    const { id, user } = await newUser(test, crm);
    changeContact(test, crm, id, { email: null, tags: ['new'] });
    expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('updated');
    expect(await test.userOf(crm, id)).toMatchObject({ email: user.email, tags: ['new'] });
  });
});

describe('the second way to find the user, email', () => {
  it.each([
    ['update', 'and links it'],
    ['update_tags', 'and links nobody'],
  ])('%s finds the user of the other CRM, %s', async (action) => {
    const { user } = await newUser(test, other);
    const id = newContact(test, crm, { email: user.email, tags: [crm] });
    const answer = await webhook(test, crm, action, id, { email: user.email });
    expect(answer.body.data).toMatchObject({ result: 'updated', user_id: user.id, contact_id: id });
    const after = await findByEmail(test.users, user.email);
    expect(after).toMatchObject({ id: user.id, tags: [crm] });
    expect(after?.contacts[crm]).toBe(action === 'update' ? id : undefined);
  });

  it('needs no contact id: the CRM is asked for the address', async () => {
    const { user } = await newUser(test, other);
    const id = newContact(test, crm, { email: user.email, tags: [crm] });
    const answer = await byUrl({ wpf_action: 'update', email: user.email });
    expect(answer.body.data).toMatchObject({ result: 'updated', user_id: user.id, contact_id: id });
    expect(await test.userOf(crm, id)).toMatchObject({ id: user.id, tags: [crm] });
  });

  it('finds a linked user without a contact id, in whatever case', async () => {
    const { id, user } = await newUser(test, crm);
    changeContact(test, crm, id, { tags: ['new'] });
    const answer = await byUrl({ wpf_action: 'update', email: user.email.toUpperCase() });
    expect(answer.body.data).toMatchObject({ result: 'updated', user_id: user.id, contact_id: id });
  });

  it('comes second: the contact id finds its own user', async () => {
    const { id, user } = await newUser(test, crm);
    const { user: somebody } = await newUser(test, crm);
    changeContact(test, crm, id, { tags: ['new'] });
    const answer = await webhook(test, crm, 'update', id, { email: somebody.email });
    expect(answer.body.data).toMatchObject({ user_id: user.id });
    expect(await findById(test.users, somebody.id)).toMatchObject({ tags: somebody.tags });
  });

  it("does not give somebody's account to a contact with another address", async () => {
    const { id: theirs, user: somebody } = await newUser(test, crm, { tags: ['theirs'] });
    await test.idle();
    const before = await existingUser(test, crm, theirs);
    const id = newContact(test, crm, { tags: ['mine'] });
    const answer = await webhook(test, crm, 'update', id, { email: somebody.email });
    expect(answer.body).toMatchObject({ success: false, error: { code: 'user_not_found' } });
    expect(await test.userOf(crm, theirs)).toEqual(before);
    expect(await test.userOf(crm, id)).toBeUndefined();
  });

  it('of nobody is user_not_found', async () => {
    const answer = await byUrl({ wpf_action: 'update', email: newEmail() });
    expect([answer.status, answer.body.error.code]).toEqual([200, 'user_not_found']);
  });

  it('of a user whom this CRM does not know waits for the contact', async () => {
    const { user } = await newUser(test, other);
    const answer = await byUrl({ wpf_action: 'update', email: user.email });
    expect([answer.status, answer.body.data?.reason]).toEqual([202, 'contact_not_found']);
  });

  it('is no way to add: 400 contact_id_missing', async () => {
    const answer = await byUrl({ wpf_action: 'add', email: newEmail() });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'contact_id_missing']);
  });
});
