import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { updateUser } from '../../functions/users/update.ts';
import { inconsistencies } from '../integration/table-state.ts';
import { workOff } from '../support/jobs.ts';
import { crm, startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withConnections, withoutPasswords } from './configs.ts';
import { changeContact, crms, existingUser, newContact, newEmail, newUser } from './contacts.ts';

/** Encharge is the lesser CRM of this one: its contacts reach no user by address. */
const lesser = withConnections(({ returnPassword: _none, ...given }) => ({
  ...given,
  linkByEmail: given.crm !== 'encharge',
}));

let test: TestStack;
let fenced: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: withoutPasswords, withPoller: false });
  fenced = await startTestStack({ config: lesser, withPoller: false });
});
afterAll(async () => {
  for (const stack of [test, fenced]) {
    expect(await inconsistencies(stack.users)).toEqual([]);
    await stack.stop();
  }
});

const administrator = async (crm: (typeof crms)[number], email = newEmail('admin')) => {
  const { id, user } = await newUser(test, crm, { email, tags: ['own'] });
  await updateUser(test.users, user, { role: 'administrator' });
  return { id, email, user: await existingUser(test, crm, id) };
};
const pairs = crms.map((other) => [crm, other] as const);

describe.each(pairs)('a privileged user of %s, and a contact of %s', (theirs, other) => {
  it('that has been given its address gets nothing of it', async () => {
    const { id, email, user } = await administrator(theirs);
    const thief = newContact(test, other, { email, firstName: 'Eve', tags: ['thief'] });
    const added = await webhook(test, other, 'add', thief, { role: 'customer' });
    expect([added.status, added.body.error.code]).toEqual([422, 'privileged_user']);
    for (const action of ['update', 'update_tags']) {
      const { status, body } = await webhook(test, other, action, thief, { email });
      expect([action, status, body.error.code]).toEqual([action, 200, 'user_not_found']);
    }
    expect(await existingUser(test, theirs, id)).toEqual(user);
    expect(await test.userOf(other, thief)).toBeUndefined();
  });

  it('that wants its address, when its own contact has gone to another one, leaves it there', async () => {
    const { id, email, user } = await administrator(theirs);
    const { id: wanting, user: stays } = await newUser(test, other);
    changeContact(test, theirs, id, { email: newEmail('gone') });
    changeContact(test, other, wanting, { email });
    const { body } = await webhook(test, other, 'update', wanting);
    expect(body.data.warnings).toEqual(['email_in_use']);
    expect(await existingUser(test, theirs, id)).toEqual(user);
    expect(await existingUser(test, other, wanting)).toMatchObject({ email: stays.email });
  });
});

describe('whose account it is', () => {
  it('fields and tags of a privileged user come from its own contact, the address does not', async () => {
    const { id, email, user } = await administrator(crm);
    changeContact(test, crm, id, { email: newEmail('moved'), city: 'Rome', tags: ['new'] });
    const { body } = await webhook(test, crm, 'update', id, { role: 'customer' });
    expect(body.data.warnings).toEqual(['privileged_user', 'role_privileged']);
    const after = await existingUser(test, crm, id);
    expect(after).toMatchObject({ email, tags: ['new'], login: user.login, role: 'administrator' });
    expect(after.fields).toMatchObject({ city: 'Rome' });
  });

  it.each([
    ['emptied', null],
    ['emptied, as a text without letters', ''],
    ['spoilt', 'no address'],
    ['changed to one that takes no mail', 'ada..lovelace@example.com'],
  ])('whoever has an account keeps it when the address of the contact was %s', async (_how, spoilt) => {
    const email = newEmail('ann');
    const { id, user } = await newUser(test, crm, { email, tags: ['ann'] });
    changeContact(test, crm, id, { email: spoilt });
    const other = newContact(test, crm, { email, tags: ['other'] });
    const { status, body } = await webhook(test, crm, 'add', other);
    expect([status, body.error.code]).toEqual([422, 'email_in_use']);
    expect(body.error.message).toContain(user.id);
    expect(await existingUser(test, crm, id)).toEqual(user);

    const { id: wanting } = await newUser(test, crm);
    changeContact(test, crm, wanting, { email });
    expect((await webhook(test, crm, 'update', wanting)).body.data.warnings).toEqual(['email_in_use']);
    expect(await existingUser(test, crm, id)).toEqual(user);
  });

  it('two living contacts of one address are one user', async () => {
    const { id, user } = await newUser(test, crm);
    const second = newContact(test, crm, { email: user.email });
    expect((await webhook(test, crm, 'add', second)).body.data).toMatchObject({ user_id: user.id });
    expect(await test.userOf(crm, id)).toBeUndefined();
    expect(await existingUser(test, crm, second)).toMatchObject({ id: user.id });
  });

  it('nobody is moved to an address that takes no mail', async () => {
    const { id, user } = await newUser(test, crm);
    changeContact(test, crm, id, { email: '.ada@example.com', city: 'Rome' });
    const { body } = await webhook(test, crm, 'update', id);
    expect(body.data.warnings).toEqual(['address_not_mailable']);
    expect(await existingUser(test, crm, id)).toMatchObject({ email: user.email, fields: { city: 'Rome' } });
  });

  it('update_tags links nobody, with the address neither', async () => {
    const { id, user } = await newUser(test, crm, { tags: ['a'] });
    const other = newContact(test, crm, { email: user.email.toUpperCase(), tags: ['b'], city: 'Rome' });
    const { body } = await webhook(test, crm, 'update_tags', other, { email: user.email });
    expect(body.data).toMatchObject({ result: 'updated', user_id: user.id, contact_id: other });
    expect(await existingUser(test, crm, id)).toMatchObject({
      email: user.email,
      tags: ['b'],
      fields: user.fields,
    });
    expect(await test.userOf(crm, other)).toBeUndefined();
  });

  it('update with the address links only where the contact of the user is gone', async () => {
    const { id, user } = await newUser(test, crm, { tags: ['a'] });
    const other = newContact(test, crm, { email: user.email, tags: ['b'], city: 'Rome' });
    const update = () => webhook(test, crm, 'update', other, { email: user.email });
    expect((await update()).body.data).toMatchObject({ result: 'updated', user_id: user.id });
    expect(await existingUser(test, crm, id)).toMatchObject({ tags: ['b'], fields: { city: 'Rome' } });
    expect(await test.userOf(crm, other)).toBeUndefined();
    test[crm].people.remove(id);
    await update();
    expect(await existingUser(test, crm, other)).toMatchObject({ id: user.id });
  });
});

describe('a connection that does not link by address', () => {
  it('has users of its own', async () => {
    const { id, user } = await newUser(fenced, 'encharge');
    const email = newEmail('moved');
    changeContact(fenced, 'encharge', id, { email });
    await webhook(fenced, 'encharge', 'update', id);
    expect(await existingUser(fenced, 'encharge', id)).toMatchObject({ id: user.id, email });
  });

  it.each(crms)('gets no user of %s by its address', async (theirs) => {
    const { id, user } = await newUser(fenced, theirs, { tags: ['theirs'] });
    const other = newContact(fenced, 'encharge', { email: user.email, tags: ['other'] });
    const added = await webhook(fenced, 'encharge', 'add', other);
    expect([added.status, added.body.error.code]).toEqual([422, 'email_in_use']);
    for (const action of ['update', 'update_tags']) {
      const { body } = await webhook(fenced, 'encharge', action, other, { email: user.email });
      expect([action, body.error.code]).toEqual([action, 'user_not_found']);
    }
    expect(await existingUser(fenced, theirs, id)).toEqual(user);
  });

  it.each(['add', 'update'])(
    'gives nobody a password for an account that another CRM then knows: %s',
    async (action) => {
      const draft = { custom: { user_pass: 'known to the lesser one' }, tags: ['lesser'] };
      const { user } = await newUser(fenced, 'encharge', draft);
      expect(user.passwordHash).toBeDefined();
      const contact = newContact(fenced, 'userengage', { email: user.email });
      await webhook(fenced, 'userengage', action, contact, { email: user.email });
      const after = await existingUser(fenced, 'userengage', contact);
      expect(after).toMatchObject({ id: user.id, email: user.email, login: user.login, tags: [] });
      expect(after.passwordHash).toBeUndefined();
      // Once: another contact of the CRM that links by address ends nothing.
      const second = newContact(fenced, 'userengage', { email: user.email });
      await webhook(fenced, 'userengage', 'add', second);
      expect((await existingUser(fenced, 'userengage', second)).moved).toEqual(after.moved);
    },
  );

  it('sends a new key to the mailbox of such an account, if it had one', async () => {
    const id = newContact(fenced, 'encharge');
    await webhook(fenced, 'encharge', 'add', id, { send_notification: 'true' });
    await workOff(fenced);
    const { email, login } = await existingUser(fenced, 'encharge', id);
    const contact = newContact(fenced, 'userengage', { email });
    await webhook(fenced, 'userengage', 'add', contact);
    await workOff(fenced);
    const keys = fenced.ses.mails
      .filter(({ to }) => to.includes(email))
      .map(({ text }) => /key=\S+/.exec(text ?? ''));
    expect(new Set(keys.map(String)).size).toBe(2);
    expect(await existingUser(fenced, 'userengage', contact)).toMatchObject({ login, effects: {} });
  });

  it('moves no user of another connection, whoever asks for the address', async () => {
    const { user } = await newUser(fenced, 'encharge');
    const id = String(user.contacts['encharge']);
    const contact = newContact(fenced, 'userengage', { email: user.email });
    await webhook(fenced, 'userengage', 'add', contact);
    expect(await existingUser(fenced, 'userengage', contact)).toMatchObject({ id: user.id });
    changeContact(fenced, 'encharge', id, { email: newEmail('moved'), tags: ['new'] });
    const { body } = await webhook(fenced, 'encharge', 'update', id);
    expect(body.data.warnings).toEqual(['email_in_use']);
    const wanting = newContact(fenced, 'encharge', { email: user.email });
    expect((await webhook(fenced, 'encharge', 'add', wanting)).body.error.code).toBe('email_in_use');
    expect(await existingUser(fenced, 'encharge', id)).toMatchObject({ email: user.email, tags: ['new'] });
  });
});
