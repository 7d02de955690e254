import { describe, expect, it } from '@jest/globals';
import { update, updateTags } from '../../functions/actions/update.ts';
import { cleanTags } from '../../functions/crm/connector.ts';
import type { ContactRequest } from '../../functions/jobs/contact-request.ts';
import { createUser, type NewUser } from '../../functions/users/create.ts';
import { findByContact, findById } from '../../functions/users/find.ts';
import { tagKey } from '../../functions/users/items.ts';
import { usersWithTag } from '../../functions/users/list.ts';
import { addressDigest } from '../../functions/users/own-address.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { verifyTable } from '../../lib/verify/verify-table.ts';
import {
  contactOf,
  encharge,
  person,
  ports,
  requestFor,
  setContact,
  useActionPorts,
  userOf,
} from './action-ports.ts';
import { newEmail } from './contacts.ts';
import { newUser } from './store.ts';
import { allItems, collected } from './table-state.ts';

useActionPorts();

/** The clock of the table stands still. */
const roleAt = '2026-03-01T12:00:00.000Z';

const send = (user: User, change: Parameters<typeof requestFor>[1] = {}) =>
  update(requestFor(contactOf(user), change), ports);

const stored = (user: User) => findById(ports.users, user.id);

/** What is kept of the address that its contact had. */
const pulled = ({ email }: User) => ({ pulled: { [encharge]: addressDigest(email) } });

describe('update', () => {
  it.each<[name: string, fields: object, tags: string[], role: string | undefined, after: Partial<User>]>([
    ['a field', { city: 'Paris', email: null }, ['a', 'b'], undefined, { fields: { city: 'Paris' } }],
    ['tags', {}, ['b', 'c'], undefined, { tags: ['b', 'c'] }],
    ['fewer tags', {}, ['b'], undefined, { tags: ['b'] }],
    ['more tags', {}, ['a', 'b', 'c'], undefined, { tags: ['a', 'b', 'c'] }],
    ['a role', {}, ['a', 'b'], 'editor', { role: 'editor', roleAt }],
    ['the role in the CRM', { user_role: 'customer' }, ['a', 'b'], 'editor', { role: 'customer', roleAt }],
  ])('writes %s and nothing else', async (_name, fields, tags, role, after) => {
    const user = await person({ tags: ['a', 'b'], fields: { city: 'London' } });
    setContact(ports, contactOf(user), { email: user.email, ...fields }, tags);
    const outcome = { result: 'updated', userId: user.id, contactId: contactOf(user), warnings: [] };
    const count = (some: readonly string[] = [], others: readonly string[] = []) =>
      some.filter((tag) => !others.includes(tag)).length;
    const { tags: tagsAfter = user.tags } = after;
    expect(await send(user, { role })).toEqual({
      ...outcome,
      written: {
        changed: after.role === undefined ? Object.keys(after.fields ?? {}) : ['role'],
        tagsAdded: count(tagsAfter, user.tags),
        tagsRemoved: count(user.tags, tagsAfter),
      },
    });
    expect(await stored(user)).toEqual({
      ...user,
      ...(fields && 'email' in fields ? {} : pulled(user)),
      ...after,
      version: 2,
      updated: ports.now().toISOString(),
    });
  });

  it.each<[name: string, field: string, value: unknown, before: unknown]>([
    ['a list', 'interests', 'a,b', ['a', 'b']],
    ['a number', 'score', '1.5', 1.5],
  ])('writes nothing for %s that is the same', async (_name, field, value, before) => {
    const user = await person({ fields: { [field]: before } as NewUser['fields'] }, { [field]: value });
    expect(await send(user)).toMatchObject({ result: 'unchanged', userId: user.id, warnings: [] });
    expect(await stored(user)).toEqual({ ...user, ...pulled(user), looks: 1 });
  });

  it('carries every warning', async () => {
    const [user, holder] = [await person(), await person()];
    setContact(ports, contactOf(user), { email: holder.email, vip: 'perhaps' });
    expect((await send(user, { role: 'boss' })).warnings).toEqual([
      'field_invalid:vip',
      'email_in_use',
      'role_unknown',
    ]);
  });

  it.each<[name: string, spell: (email: string) => string, isWritten: boolean]>([
    ['in capitals', (email) => email.toUpperCase(), true],
    ['in wide letters', (email) => email.replace('user', 'ｕser'), false],
    ['in wide capitals', (email) => email.replace('user', 'Ｕser'), false],
  ])('the same address %s: is written: %s', async (_name, spell, isWritten) => {
    const user = await person();
    setContact(ports, contactOf(user), { email: spell(user.email) });
    const [result, warnings] = isWritten ? ['updated', []] : ['unchanged', ['address_not_mailable']];
    expect(await send(user)).toMatchObject({ result, warnings });
    expect((await stored(user))?.email).toBe(isWritten ? spell(user.email) : user.email);
  });

  it('takes an address that its holder has left while it was asked for', async () => {
    const [user, holder] = [await person(), await person()];
    setContact(ports, contactOf(user), { email: holder.email });
    ports.users.meddle = async (name, input) => {
      if (name !== 'Get' || !JSON.stringify(input).includes('EMAIL#')) return;
      ports.users.meddle = undefined;
      await updateUser(ports.users, holder, { email: newEmail('left') });
    };
    expect(await send(user)).toMatchObject({ result: 'updated', warnings: [] });
    expect(await stored(user)).toMatchObject({ email: holder.email });
  });
});

describe('update of a user that its address names', () => {
  const byEmail = ({ email }: User) => update({ ...requestFor('', { email }), contactId: undefined }, ports);

  it('pulls the contact that it is linked to', async () => {
    const user = await person({}, { city: 'Paris' });
    expect(await byEmail(user)).toMatchObject({ result: 'updated', contactId: contactOf(user) });
  });

  it('whose contact was merged into another one is linked to that', async () => {
    const user = await person();
    ports.contacts.delete(contactOf(user));
    setContact(ports, 'merged', { email: user.email }, ['merged']);
    expect(await byEmail(user)).toMatchObject({ result: 'updated', contactId: 'merged' });
    expect(await stored(user)).toMatchObject({ contacts: { encharge: 'merged' }, tags: ['merged'] });
  });

  it('whose contact was merged into that of another user is not linked to it', async () => {
    const [user, other] = [await person(), await person()];
    ports.contacts.delete(contactOf(user));
    setContact(ports, contactOf(other), { email: user.email });
    await expect(byEmail(user)).rejects.toMatchObject({ code: 'user_not_found', retryable: false });
    expect(await stored(user)).toEqual(user);
    expect(await stored(other)).toEqual(other);
  });

  it('whom the CRM does not know any more stays as it is', async () => {
    const user = await person();
    ports.contacts.delete(contactOf(user));
    await expect(byEmail(user)).rejects.toMatchObject({
      code: 'contact_not_found',
      message: 'The CRM has no contact with this address.',
    });
    expect(await stored(user)).toEqual(user);
  });
});

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

const [composed, decomposed] = ['Käufer', 'Ka\u0308ufer'];
const long = (tag: string) => tag.repeat(200);

/** The index of a user's tags. */
const indexOf = async (userId: string) =>
  (await allItems(ports.users)).filter(({ sk }) => sk === `USER#${userId}`).map(({ pk }) => pk);

/** What `usher verify` has to say about a user. */
async function problems() {
  const options = { pendingSince: new Date(0), sleep: () => Promise.resolve(), onRead: () => undefined };
  return collected(verifyTable(ports.users, options));
}

describe('a tag that was stored in another normal form', () => {
  it.each([
    ['alone', [decomposed], [composed]],
    ['beside its other form', [composed, decomposed], [composed]],
    ['among others', ['a', decomposed, 'b'], ['a', composed, 'c']],
    ['longer than a key', [long(decomposed)], [long(composed)]],
  ])('%s moves with its index to NFC with the next webhook', async (_name, before, inCrm) => {
    for (const action of [update, updateTags]) {
      const user = await person({ tags: before });
      expect(await problems()).toEqual([{ kind: 'old_spelling', userId: user.id }]);
      setContact(ports, contactOf(user), { email: user.email }, cleanTags(inCrm));
      expect(await action(requestFor(contactOf(user)), ports)).toMatchObject({ result: 'updated' });
      expect((await userOf(ports, contactOf(user))).tags).toEqual([...inCrm].sort());
      expect((await indexOf(user.id)).sort()).toEqual(inCrm.map((tag) => tagKey(tag, user.id).pk).sort());
      expect(await problems()).toEqual([]);
      expect(await action(requestFor(contactOf(user)), ports)).toMatchObject({ result: 'unchanged' });
    }
  });

  it('finds its users by either form, each once', async () => {
    const tag = 'Ünique';
    const users = [
      await person({ tags: [tag] }),
      await person({ tags: [tag.normalize('NFD')] }),
      await person({ tags: [tag, tag.normalize('NFD')] }),
    ];
    for (const asked of [tag, tag.normalize('NFD')]) {
      const found = await collected(usersWithTag(ports.users, asked));
      expect(found.map(({ id }) => id).sort()).toEqual(users.map(({ id }) => id).sort());
    }
  });
});
