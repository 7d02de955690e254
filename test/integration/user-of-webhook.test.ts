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
  it('is found by the address, and its own contact pulled', async () => {
    const user = await person();
    setContact(ports, contactOf(user), { email: newEmail('moved'), city: 'Rome' });
    expect(await update(withoutContact(user.email), ports)).toMatchObject({ contactId: contactOf(user) });
    expect(await stored(user)).toMatchObject({ fields: { city: 'Rome' } });
    expect(ports.loaded).toEqual([contactOf(user)]);
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
