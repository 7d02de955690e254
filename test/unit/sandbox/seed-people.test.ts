import { describe, expect, it } from '@jest/globals';
import { enchargeFields } from '../../../lib/sandbox/encharge-fields.ts';
import { enchargePersonShape, enchargeSeed } from '../../../lib/sandbox/encharge-person.ts';
import { seedPeople } from '../../../lib/sandbox/people.ts';
import { userEngagePersonShape, userEngageSeed } from '../../../lib/sandbox/userengage-person.ts';

const encharge = enchargeSeed.people.map((person) => enchargePersonShape.complete(person));
const userengage = userEngageSeed.people.map((person) => userEngagePersonShape.complete(person));

it('there are 25 people in each account, the first of them ordinary', () => {
  expect([encharge.length, userengage.length]).toEqual([25, 25]);
  expect(encharge[0]).toMatchObject({
    id: 'e0000000-0000-4000-8000-000000000001',
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    firstName: 'Ada',
    lastName: 'Lovelace',
    tags: 'customer,newsletter',
  });
  expect(userengage[0]).toMatchObject({
    id: 1,
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    tags: ['customer', 'newsletter'],
    attributes: {},
  });
});

it('they are the same people, and nobody real', () => {
  expect(encharge.map(({ email }) => email)).toEqual(userengage.map(({ email }) => email));
  const addresses = userengage.flatMap(({ email }) => email ?? []);
  expect(addresses.filter((address) => !address.toLowerCase().endsWith('@example.com'))).toEqual([]);
  expect(new Set(addresses.map((address) => address.toLowerCase())).size).toBe(addresses.length);
});

it('their tags are the same once they are trimmed', () => {
  const trimmed = userengage.map(({ tags }) => tags.map((tag) => tag.trim()));
  expect(encharge.map(enchargePersonShape.tagsOf)).toEqual(trimmed);
});

it('every field they carry is a field of the account', () => {
  const names = new Set(enchargeFields.map(({ name }) => name));
  expect(encharge.flatMap((person) => Object.keys(person)).filter((name) => !names.has(name))).toEqual([]);
});

describe('among them is somebody', () => {
  const everybody = seedPeople.map((person) => ({
    ...person,
    name: `${person.firstName} ${person.lastName}`,
  }));

  it.each<[what: string, is: (person: (typeof everybody)[number]) => boolean]>([
    ['without an e-mail', ({ email }) => email === null],
    ['with a plus-address', ({ email }) => email?.includes('+') === true],
    ['with an upper-case address', ({ email }) => email !== email?.toLowerCase()],
    ['without names', ({ firstName, lastName }) => firstName === null && lastName === null],
    ['with a combining accent', ({ name }) => name !== name.normalize('NFC')],
    ['with an emoji', ({ name }) => /\p{Extended_Pictographic}/u.test(name)],
    ['who writes right to left', ({ name }) => /\p{Script=Arabic}/u.test(name)],
    ['with Chinese characters', ({ name }) => /\p{Script=Han}/u.test(name)],
    ['with HTML in the name', ({ name }) => name.includes('<script>')],
    ['with 150 tags', ({ tags }) => new Set(tags).size === 150],
    ['tagged __proto__', ({ tags }) => tags.includes('__proto__')],
    ['with a value of several kB', ({ custom }) => (custom?.bio?.length ?? 0) > 5000],
    [
      'with an own password',
      ({ custom }) => custom?.user_login !== undefined && custom.user_pass !== undefined,
    ],
    ['who is a customer by role', ({ custom }) => custom?.user_role === 'customer'],
    ['who wants to be an administrator', ({ custom }) => custom?.user_role === 'administrator'],
    [
      'of the same last name',
      ({ lastName }) => everybody.filter((one) => one.lastName === lastName).length === 2,
    ],
  ])('%s', (_, is) => {
    expect(everybody.some(is)).toBe(true);
  });
});
