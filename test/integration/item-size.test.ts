import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { add } from '../../functions/actions/add.ts';
import { preview } from '../../functions/actions/preview.ts';
import { update } from '../../functions/actions/update.ts';
import { mapped } from '../../functions/crm/connector.ts';
import { findByContact } from '../../functions/users/find.ts';
import { expectToFit } from '../../functions/users/item-size.ts';
import { userItem } from '../../functions/users/items.ts';
import type { User } from '../../functions/users/user.ts';
import {
  contactOf,
  encharge,
  newContact,
  person,
  ports,
  requestFor,
  setContact,
  useActionPorts,
  userOf,
} from './action-ports.ts';
import { newUser, table, useTable } from './store.ts';

useTable();
useActionPorts();

type Part = Partial<Pick<User, 'fields' | 'tags'>>;
const user = (part: Part): User => ({ ...newUser(part), version: 1, created: '', updated: '' });
const times = <Item>(count: number, make: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => make(index));

function fits(one: User): boolean {
  try {
    expectToFit(one);
    return true;
  } catch {
    return false;
  }
}

/** The largest size of a thing with which a user fits, but for a thousandth: each look at one costs. */
function largest(make: (size: number) => Part): number {
  let [good, bad] = [0, 500_000];
  while (bad - good > bad / 1000) {
    const middle = Math.floor((good + bad) / 2);
    if (fits(user(make(middle)))) good = middle;
    else bad = middle;
  }
  return good;
}

const put = (part: Part) =>
  table.documents.send(new PutCommand({ TableName: table.name, Item: userItem(user(part)) }));

describe('the largest user that fits, for DynamoDB fits too, and one a tenth larger does not', () => {
  it.each<[name: string, make: (size: number) => Part]>([
    ['a text', (size) => ({ fields: { bio: 'x'.repeat(size) } })],
    ['a text in bytes', (size) => ({ fields: { bio: 'é'.repeat(size) } })],
    ['tags', (size) => ({ tags: times(size, (index) => `${index} ${'t'.repeat(20)}`) })],
    ['a list of texts', (size) => ({ fields: { list: times(size, () => 'ab') } })],
    ['a list of lists', (size) => ({ fields: { list: times(size, () => []) } })],
    ['yes and no', (size) => ({ fields: { list: times(size, (index) => index % 2 === 0) } })],
    [
      'a map',
      (size) => ({ fields: { map: Object.fromEntries(times(size, (index) => [`k${index}`, 'v'])) } }),
    ],
  ])('%s', async (_name, make) => {
    const size = largest(make);
    await put(make(size));
    await expect(put(make(Math.ceil(size * 1.1)))).rejects.toThrow(/size/i);
  });

  it.each<[name: string, number: number]>([
    ['one digit', 7],
    ['many digits', 1234567890123456],
    ['a fraction', -0.0123456789],
    ['an exponent', 1e-100],
  ])('numbers of %s, which take a little less', async (_name, number) => {
    const make = (size: number): Part => ({ fields: { list: times(size, () => number) } });
    await put(make(largest(make)));
  });
});

const tooLarge = { code: 'contact_too_large', retryable: false };
const long = (field: string) => ({ ...mapped(field), maxLength: 500_000 });
const texts = { bio: long('bio'), notes: long('notes') };
/** With long fields. */
const withBio = () => ({
  ...ports,
  connection: { ...ports.connection, fields: { ...ports.connection.fields, ...texts } },
});

describe('a contact that does not fit', () => {
  it('becomes a user without the field that is too long', async () => {
    const { id } = newContact(ports, { bio: 'x'.repeat(410_000), notes: 'short', city: 'London' }, ['a']);
    expect(await preview(requestFor(id), withBio())).toMatchObject({ warnings: ['field_invalid:bio'] });
    expect(await add(requestFor(id), withBio())).toMatchObject({
      result: 'created',
      warnings: ['field_invalid:bio'],
    });
    const { fields, tags } = await userOf(ports, id);
    expect([fields['bio'], fields['notes'], fields['city'], tags]).toEqual([
      undefined,
      'short',
      'London',
      ['a'],
    ]);
  });

  it('loses the longest of two that do not fit together', async () => {
    const { id } = newContact(ports, { bio: 'x'.repeat(200_000), notes: 'x'.repeat(210_000) });
    expect(await add(requestFor(id), withBio())).toMatchObject({ warnings: ['field_invalid:notes'] });
    expect((await userOf(ports, id)).fields).toMatchObject({ bio: 'x'.repeat(200_000) });
  });

  it('with tags alone becomes no user, and leaves no job', async () => {
    const { id } = newContact(
      ports,
      {},
      times(400, (index) => `${index} ${'t'.repeat(1100)}`),
    );
    await expect(add(requestFor(id), withBio())).rejects.toMatchObject(tooLarge);
    expect(ports.jobs.sent).toEqual([]);
  });

  it('may have as much as it likes in fields that nobody mapped', async () => {
    const { id } = newContact(ports, { other: 'x'.repeat(500_000) });
    expect(await add(requestFor(id), withBio())).toMatchObject({ result: 'created' });
  });

  it('beside what the user has already changes all but the field, and says so each time', async () => {
    const before = await person({ fields: { kept: 'x'.repeat(250_000), notes: 'old' }, tags: ['old'] });
    const bio = 'x'.repeat(250_000);
    setContact(ports, contactOf(before), { email: before.email, bio, notes: 'new' }, ['new']);
    const request = requestFor(contactOf(before));
    for (const result of ['updated', 'unchanged']) {
      expect(await update(request, withBio())).toMatchObject({ result, warnings: ['field_invalid:bio'] });
      expect(await findByContact(ports.users, encharge, contactOf(before))).toMatchObject({
        fields: { ...before.fields, notes: 'new' },
        tags: ['new'],
      });
    }
  });

  it('keeps the stored value of a field that has grown too long', async () => {
    const before = await person({ fields: { kept: 'x'.repeat(250_000), bio: 'old' } });
    setContact(ports, contactOf(before), { email: before.email, bio: 'x'.repeat(250_000) });
    expect(await update(requestFor(contactOf(before)), withBio())).toMatchObject({
      result: 'unchanged',
      warnings: ['field_invalid:bio'],
    });
    expect((await userOf(ports, contactOf(before))).fields).toMatchObject({ bio: 'old' });
  });

  it('together with many tags leaves no part of it behind', async () => {
    const before = await person({ fields: { kept: 'x'.repeat(300_000) } });
    const tags = times(200, (index) => `${index} ${'t'.repeat(1000)}`);
    setContact(ports, contactOf(before), { email: before.email }, tags);
    const request = requestFor(contactOf(before));
    await expect(update(request, withBio())).rejects.toMatchObject(tooLarge);
    await expect(preview(request, withBio())).rejects.toMatchObject(tooLarge);
    expect(await findByContact(ports.users, encharge, contactOf(before))).toEqual(before);
  });

  it('fits when its many tags go first', async () => {
    const tags = times(250, (index) => `${index} ${'t'.repeat(1200)}`);
    const before = await person({ tags });
    setContact(ports, contactOf(before), { email: before.email, bio: 'x'.repeat(350_000) }, ['left']);
    expect(await update(requestFor(contactOf(before)), withBio())).toMatchObject({ result: 'updated' });
    const after = await findByContact(ports.users, encharge, contactOf(before));
    expect([after?.tags, String(after?.fields['bio']).length]).toEqual([['left'], 350_000]);
  });

  it('fits when its large field goes before its many tags come', async () => {
    const before = await person({ fields: { bio: 'x'.repeat(350_000) } });
    const tags = times(250, (index) => `${String(index).padStart(3, '0')} ${'t'.repeat(1200)}`);
    setContact(ports, contactOf(before), { email: before.email, bio: 'short' }, tags);
    expect(await update(requestFor(contactOf(before)), withBio())).toMatchObject({ result: 'updated' });
    const after = await findByContact(ports.users, encharge, contactOf(before));
    expect([after?.tags, after?.fields['bio']]).toEqual([tags, 'short']);
  });
});
