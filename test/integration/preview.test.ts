import { afterEach, describe, expect, it } from '@jest/globals';
import { preview as answerTo } from '../../functions/actions/preview.ts';
import { CrmAuthError } from '../../functions/crm/crm-errors.ts';
import { deleteUser } from '../../functions/users/delete.ts';
import {
  contactOf,
  create,
  newContact,
  ports,
  requestFor,
  setContact,
  useActionPorts,
} from './action-ports.ts';
import { newEmail } from './contacts.ts';
import { allItems } from './table-state.ts';

useActionPorts();
afterEach(() => {
  expect(ports.jobs.sent).toEqual([]);
});

/** What a preview says; it has to leave the table as it was. */
async function preview(contactId: string, change = {}) {
  const before = await allItems(ports.users);
  const answer = await answerTo(requestFor(contactId, change), ports);
  expect(await allItems(ports.users)).toEqual(before);
  return answer;
}

describe('a preview of a new user', () => {
  it('names what would be written, and holds no value', async () => {
    const { id, email } = newContact(ports, { firstName: 'Ada', city: 'London', vip: 'perhaps' }, ['a', 'b']);
    const answer = await preview(id, { sendNotification: true, role: 'boss' });
    expect(answer).toEqual({
      wouldBe: 'created',
      contactId: id,
      role: 'subscriber',
      fields: ['display_name', 'nickname', 'first_name', 'city'],
      tagsAdded: 2,
      tagsRemoved: 0,
      effects: ['welcome_mail', 'return_password'],
      warnings: ['field_invalid:vip', 'role_unknown'],
    });
    expect(JSON.stringify(answer)).not.toContain(email);
  });

  it('with a password of its own would not be given one', async () => {
    const { id } = newContact(ports, { user_pass: 'made-up-password' });
    expect(await preview(id)).toMatchObject({ effects: [], warnings: [] });
  });

  it('whose address is a username already would be warned of it', async () => {
    const { id, email } = newContact(ports);
    await create({ login: email });
    expect(await preview(id)).toMatchObject({ wouldBe: 'created', warnings: ['login_in_use'] });
  });

  it('whose chosen username is the address of somebody else would be refused', async () => {
    const { email } = await create({ login: newEmail('login') });
    const { id } = newContact(ports, { user_login: email });
    await expect(preview(id)).rejects.toMatchObject({ code: 'login_taken' });
  });

  it('with a username that nobody has would get it', async () => {
    const { id, email } = newContact(ports, { user_login: newEmail('login') });
    await create({ login: email });
    expect(await preview(id)).toMatchObject({ wouldBe: 'created', warnings: [] });
  });
});

describe('a preview of a user who is there', () => {
  it('finds it by the contact, whatever address that has by now', async () => {
    const [user, other] = [await create(), await create()];
    setContact(ports, contactOf(user), { email: other.email });
    expect(await preview(contactOf(user))).toMatchObject({ userId: user.id, warnings: ['email_in_use'] });
  });

  it('finds it by the contact, even without an address', async () => {
    const user = await create();
    setContact(ports, contactOf(user), {});
    expect(await preview(contactOf(user))).toMatchObject({ wouldBe: 'unchanged', userId: user.id });
  });
});

it('a preview of a user who is deleted meanwhile is none', async () => {
  const user = await create();
  setContact(ports, contactOf(user), { email: user.email });
  ports.onLoad = () => deleteUser(ports.users, user);
  expect(await answerTo(requestFor(contactOf(user)), ports)).toBeUndefined();
});

describe('a check without a contact', () => {
  it('asks the CRM whether it takes the credentials', async () => {
    expect(await answerTo({ ...requestFor(''), contactId: undefined }, ports)).toBeUndefined();
    const crm = { ...ports.crm, testCredentials: () => Promise.reject(new CrmAuthError()) };
    await expect(
      answerTo({ ...requestFor(''), contactId: undefined }, { ...ports, crm }),
    ).rejects.toBeInstanceOf(CrmAuthError);
    expect(ports.loaded).toStrictEqual([]);
  });
});
