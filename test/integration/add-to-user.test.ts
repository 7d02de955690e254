import { describe, expect, it } from '@jest/globals';
import { add } from '../../functions/actions/add.ts';
import { deleteUser } from '../../functions/users/delete.ts';
import { findByContact, findById } from '../../functions/users/find.ts';
import { updateUser } from '../../functions/users/update.ts';
import {
  beforeWrite,
  create,
  encharge,
  newContact,
  ports,
  requestFor,
  setContact,
  useActionPorts,
  userOf,
} from './action-ports.ts';
import { newEmail } from './contacts.ts';

useActionPorts();

describe('a contact whose address a user holds', () => {
  it('of another contact that is gone: is linked, and pulled again before anything of it is written', async () => {
    const user = await create({ tags: ['old'] });
    const { id } = newContact(ports, { email: user.email }, ['seen first']);
    let pulls = 0;
    ports.onLoad = (contactId) => {
      pulls += contactId === id ? 1 : 0;
      if (pulls === 2) setContact(ports, id, { email: user.email }, ['seen later']);
    };
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'updated', userId: user.id });
    expect(await userOf(ports, id)).toMatchObject({
      id: user.id,
      tags: ['seen later'],
      contacts: { [encharge]: id },
    });
    expect(pulls).toBe(2);
  });

  it('of another contact that is gone, which a newer one takes first: leaves it the user', async () => {
    const user = await create();
    const old = String(user.contacts[encharge]);
    const [first, second] = [newContact(ports, { email: user.email }), newContact(ports)];
    setContact(ports, second.id, { email: user.email });
    ports.onLoad = async (contactId) => {
      if (contactId !== old) return;
      ports.onLoad = undefined;
      ports.contacts.delete(first.id);
      await add(requestFor(second.id), ports);
    };
    await expect(add(requestFor(first.id), ports)).rejects.toMatchObject({ code: 'contact_not_found' });
    expect(await userOf(ports, second.id)).toMatchObject({
      id: user.id,
      contacts: { [encharge]: second.id },
    });
  });

  it('and its contact does too, but ours has moved on meanwhile: both are users', async () => {
    const user = await create();
    const other = String(user.contacts[encharge]);
    setContact(ports, other, { email: user.email });
    const [{ id }, next] = [newContact(ports, { email: user.email }), newEmail('next')];
    ports.onLoad = (contactId) => {
      if (contactId === other) setContact(ports, id, { email: next });
    };
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'created' });
    expect(await userOf(ports, id)).toMatchObject({ email: next });
    expect(await userOf(ports, other)).toMatchObject({ id: user.id, email: user.email });
  });

  it('and its contact does too, but ours has lost it meanwhile: is refused', async () => {
    const user = await create();
    const other = String(user.contacts[encharge]);
    setContact(ports, other, { email: user.email });
    const { id } = newContact(ports, { email: user.email });
    ports.onLoad = (contactId) => {
      if (contactId === other) setContact(ports, id, {});
    };
    await expect(add(requestFor(id), ports)).rejects.toMatchObject({ code: 'email_missing' });
    expect(await userOf(ports, other)).toEqual(user);
  });

  it('which waits for the address of a third one: waits too, and takes no account of another person', async () => {
    const [user, third] = [await create(), await create()];
    setContact(ports, String(user.contacts[encharge]), { email: third.email });
    setContact(ports, String(third.contacts[encharge]), { email: third.email });
    const { id } = newContact(ports, { email: user.email });
    const refusal = { code: 'too_many_conflicts', retryable: true };
    await expect(add(requestFor(id), ports)).rejects.toMatchObject(refusal);
    expect(await findById(ports.users, user.id)).toEqual(user);
    expect(await findByContact(ports.users, encharge, id)).toBeUndefined();

    const last = newEmail('last');
    setContact(ports, String(third.contacts[encharge]), { email: last });
    await add(requestFor(String(third.contacts[encharge])), ports);
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'created' });
    expect(await findById(ports.users, user.id)).toMatchObject({ email: third.email });
  });

  it('that is deleted before it is linked: becomes a user', async () => {
    const user = await create({ contacts: { userengage: newEmail() } });
    const { id } = newContact(ports, { email: user.email });
    beforeWrite(ports, () => deleteUser(ports.users, user));
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'created' });
    expect((await userOf(ports, id)).id).not.toBe(user.id);
  });
});

describe('a contact that is a user', () => {
  it('is written to, whoever else writes at the same moment', async () => {
    const { id } = newContact(ports, { city: 'London' });
    await add(requestFor(id), ports);
    setContact(ports, id, { email: (await userOf(ports, id)).email, city: 'Paris' }, ['new']);
    beforeWrite(ports, async () =>
      updateUser(ports.users, await userOf(ports, id), { fields: { orders: 1 } }),
    );
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'updated' });
    expect(await userOf(ports, id)).toMatchObject({ tags: ['new'], fields: { city: 'Paris', orders: 1 } });
  });
});
