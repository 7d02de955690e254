import { describe, expect, it } from '@jest/globals';
import { resolveAddressConflict } from '../../functions/actions/address-conflict.ts';
import { CrmUnavailable } from '../../functions/crm/crm-errors.ts';
import { findById } from '../../functions/users/find.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { contactOf, create, ports, requestFor, setContact, useActionPorts } from './action-ports.ts';
import { newEmail } from './contacts.ts';
import { newUser } from './store.ts';
import { allItems } from './table-state.ts';

useActionPorts();

/** Gives the contact of a user an address in the CRM. */
const move = (user: User, email: unknown) => setContact(ports, contactOf(user), { email });
const ask = async (holder: User, wanting?: User, email = holder.email) =>
  (
    await resolveAddressConflict(
      { holderId: holder.id, email, ...(wanting && { wanting }) },
      requestFor(contactOf(holder)),
      ports,
    )
  ).result;

describe('the holder of an address', () => {
  it('whose contact has moved on follows it, and nothing else of it changes', async () => {
    const holder = await create({ tags: ['a'] });
    const email = newEmail('moved');
    move(holder, email);
    expect(await ask(holder, await create())).toBe('given');
    const { updated: _updated, login: _login, ...rest } = holder;
    expect(await findById(ports.users, holder.id)).toMatchObject({
      ...rest,
      email,
      login: email,
      effects: { moved_mail: { to: holder.email } },
      version: 2,
    });
  });

  it('whose contact has the address of who asks swaps with it', async () => {
    const [holder, wanting] = [await create(), await create()];
    move(holder, wanting.email);
    expect(await ask(holder, wanting)).toBe('given');
    expect(await findById(ports.users, holder.id)).toMatchObject({ email: wanting.email });
    expect(await findById(ports.users, wanting.id)).toMatchObject({ email: holder.email });
  });

  type Case = [
    name: string,
    change: (holder: User) => Promise<User | undefined>,
    answer: 'kept' | 'gone' | 'stuck' | 'held',
  ];
  it.each<Case>([
    [
      'keeps it with a contact that has it too',
      async (holder) => {
        move(holder, holder.email);
        return create();
      },
      'kept',
    ],
    [
      'keeps it with a contact that has it in capitals',
      async (holder) => {
        move(holder, holder.email.toUpperCase());
        return create();
      },
      'kept',
    ],
    [
      'holds it with a contact that has lost its address',
      async (holder) => {
        move(holder, null);
        return create();
      },
      'held',
    ],
    [
      'is stuck when a third one holds the address of its contact',
      async (holder) => {
        move(holder, (await create()).email);
        return create();
      },
      'stuck',
    ],
    [
      'is stuck when its contact has an address that is held, and nobody has one to give',
      async (holder) => {
        move(holder, (await create()).email);
        return undefined;
      },
      'stuck',
    ],
    [
      'keeps it, however large its contact has become',
      async (holder) => {
        setContact(ports, contactOf(holder), { email: holder.email }, ['x'.repeat(300_001)]);
        return create();
      },
      'kept',
    ],
    [
      'is gone with its contact',
      async (holder) => {
        ports.contacts.delete(contactOf(holder));
        return create();
      },
      'gone',
    ],
  ])('%s', async (_name, change, answer) => {
    const holder = await create();
    const wanting = await change(holder);
    const before = await allItems(ports.users);
    expect(await ask(holder, wanting)).toBe(answer);
    expect(await allItems(ports.users)).toEqual(before);
  });

  it.each<[name: string, answer: 'given' | 'gone', holder: () => Promise<User>]>([
    [
      'that has been deleted',
      'given',
      () => Promise.resolve({ ...newUser(), version: 1, created: '', updated: '' }),
    ],
    ['without a contact in this CRM', 'gone', () => create({ contacts: { userengage: newEmail() } })],
    [
      'that has another address by now',
      'given',
      async () => {
        const user = await create();
        move(user, newEmail('third'));
        await updateUser(ports.users, user, { email: newEmail('second') });
        return user;
      },
    ],
  ])('%s: %s, without a call of the CRM', async (_name, answer, given) => {
    const holder = await given();
    ports.loaded.length = 0;
    const before = await allItems(ports.users);
    expect(await ask(holder)).toBe(answer);
    expect(ports.loaded).toStrictEqual([]);
    expect(await allItems(ports.users)).toEqual(before);
  });

  it('is asked for in any case', async () => {
    const holder = await create();
    move(holder, newEmail('moved'));
    expect(await ask(holder, undefined, holder.email.toUpperCase())).toBe('given');
  });

  it('keeps it, as far as is known, while the CRM does not answer', async () => {
    const holder = await create();
    const down = new CrmUnavailable({});
    ports.onLoad = () => Promise.reject(down);
    await expect(ask(holder, await create())).rejects.toBe(down);
    expect(await findById(ports.users, holder.id)).toEqual(holder);
  });

  it('that has followed its contact while that one was pulled has given it', async () => {
    const holder = await create();
    const email = newEmail('moved');
    move(holder, email);
    ports.onLoad = async () => void (await updateUser(ports.users, holder, { email }));
    expect(await ask(holder)).toBe('given');
    expect(await findById(ports.users, holder.id)).toMatchObject({ email, version: 2 });
  });

  it('that changes while its contact is pulled is left alone', async () => {
    const holder = await create();
    move(holder, newEmail('moved'));
    ports.onLoad = async () => void (await updateUser(ports.users, holder, { role: 'editor' }));
    await expect(ask(holder)).rejects.toMatchObject({ name: 'WriteConflict' });
    expect(await findById(ports.users, holder.id)).toMatchObject({ email: holder.email, role: 'editor' });
  });
});
