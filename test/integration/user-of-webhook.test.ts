import { describe, expect, it } from '@jest/globals';
import { update } from '../../functions/actions/update.ts';
import type { ContactRequest } from '../../functions/jobs/contact-request.ts';
import { createUser } from '../../functions/users/create.ts';
import { findByContact, findById } from '../../functions/users/find.ts';
import type { User } from '../../functions/users/user.ts';
import {
  contactOf,
  encharge,
  person,
  ports,
  requestFor,
  setContact,
  useActionPorts,
} from './action-ports.ts';
import { newEmail } from './contacts.ts';
import { newUser } from './store.ts';

useActionPorts();

const stored = (user: User) => findById(ports.users, user.id);
const withoutContact = (email: string): ContactRequest => ({
  ...requestFor(''),
  contactId: undefined,
  email,
});

describe('the user of a webhook', () => {
  it('that nobody has is none', async () => {
    await expect(update(requestFor('nobody'), ports)).rejects.toMatchObject({
      name: 'UserNotFound',
      code: 'user_not_found',
      message: 'No user belongs to this contact. Use wpf_action=add to create one.',
    });
    expect(ports.loaded).toStrictEqual([]);
    await expect(update(withoutContact('nobody@example.com'), ports)).rejects.toMatchObject({
      code: 'user_not_found',
    });
  });

  it('is found by the address, and its own contact pulled', async () => {
    const user = await person();
    setContact(ports, contactOf(user), { email: newEmail('moved'), city: 'Rome' });
    expect(await update(withoutContact(user.email), ports)).toMatchObject({ contactId: contactOf(user) });
    expect(await stored(user)).toMatchObject({ fields: { city: 'Rome' } });
    expect(ports.loaded).toEqual([contactOf(user)]);
  });

  it('is found by the address, and linked to the contact that has it', async () => {
    const user = await createUser(ports.users, newUser({ contacts: {} }));
    const id = `of ${user.id}`;
    setContact(ports, id, { email: user.email }, ['a']);
    expect(await update(withoutContact(user.email), ports)).toMatchObject({
      result: 'updated',
      contactId: id,
    });
    expect(await findByContact(ports.users, encharge, id)).toMatchObject({ id: user.id, tags: ['a'] });
  });

  it('is found by the address, and the CRM has none with it', async () => {
    const user = await createUser(ports.users, newUser({ contacts: {} }));
    await expect(update(withoutContact(user.email), ports)).rejects.toMatchObject({
      code: 'contact_not_found',
    });
  });

  it.each([
    ['another address', 'somebody.else@example.com'],
    ['no address', null],
  ])('is not one whose address was only named: the contact has %s', async (_name, email) => {
    const user = await person();
    const id = `thief ${user.id}`;
    setContact(ports, id, { email }, ['stolen']);
    await expect(update(requestFor(id, { email: user.email }), ports)).rejects.toMatchObject({
      code: 'user_not_found',
    });
    expect(await stored(user)).toEqual(user);
  });

  it('is one whose address the contact has in capitals', async () => {
    const user = await createUser(ports.users, newUser({ contacts: { userengage: newEmail() } }));
    const id = `of ${user.id}`;
    setContact(ports, id, { email: user.email.toUpperCase() });
    await update(requestFor(id, { email: user.email }), ports);
    expect(await findByContact(ports.users, encharge, id)).toMatchObject({
      id: user.id,
      contacts: { ...user.contacts, [encharge]: id },
    });
  });

  it('is found by the address alone, whatever ids the CRM has', async () => {
    const [user] = [await person(), await person({ contacts: { [encharge]: 'undefined' } })];
    expect(await update(withoutContact(user.email), ports)).toMatchObject({ userId: user.id });
  });

  it('stays the contact’s when the CRM has given that another id and address', async () => {
    const user = await person();
    const email = newEmail('merged');
    const merged = { id: `merged ${user.id}`, email, fields: new Map([['email', email]]), tags: ['merged'] };
    for (const id of [contactOf(user), merged.id]) ports.contacts.set(id, merged);
    expect(await update(requestFor(contactOf(user)), ports)).toMatchObject({ result: 'updated' });
    expect(await stored(user)).toMatchObject({
      email,
      tags: ['merged'],
      contacts: { [encharge]: `merged ${user.id}` },
    });
  });
});
