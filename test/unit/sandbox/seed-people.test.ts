import { describe, expect, it } from '@jest/globals';
import { customFields, seedPeople } from '../../../lib/sandbox/people.ts';

const standard = ['firstName', 'lastName', 'userId', 'phone', 'city', 'country'];

it('there are 25 people, and nobody real', () => {
  expect(seedPeople).toHaveLength(25);
  const addresses = seedPeople.flatMap(({ email }) => email?.toLowerCase() ?? []);
  expect(addresses.filter((address) => !address.endsWith('@example.com'))).toEqual([]);
  expect(new Set(addresses).size).toBe(addresses.length);
});

it('every field they carry is a field of the account', () => {
  const names = new Set([...standard, ...customFields.map(({ name }) => name)]);
  const carried = seedPeople.flatMap(({ fields = {} }) => Object.keys(fields));
  expect(carried.filter((name) => !names.has(name))).toEqual([]);
});

describe('among them is somebody', () => {
  const everybody = seedPeople.map(({ email = null, tags, fields = {} }) => {
    const { firstName, lastName } = fields;
    return { email, tags, firstName, lastName, fields, name: `${firstName} ${lastName}` };
  });

  it.each<[what: string, is: (person: (typeof everybody)[number]) => boolean]>([
    ['without an e-mail', ({ email }) => email === null],
    ['with a plus-address', ({ email }) => email?.includes('+') === true],
    ['with an upper-case address', ({ email }) => email !== null && email !== email.toLowerCase()],
    ['without names', ({ firstName, lastName }) => firstName === null && lastName === null],
    ['with a combining accent', ({ name }) => name !== name.normalize('NFC')],
    ['with an emoji', ({ name }) => /\p{Extended_Pictographic}/u.test(name)],
    ['who writes right to left', ({ name }) => /\p{Script=Arabic}/u.test(name)],
    ['with Chinese characters', ({ name }) => /\p{Script=Han}/u.test(name)],
    ['with HTML in the name', ({ name }) => name.includes('<script>')],
    ['with 150 tags', ({ tags }) => new Set(tags).size === 150],
    ['tagged __proto__', ({ tags }) => tags?.includes('__proto__') === true],
    ['who never had tags', ({ tags }) => tags === undefined],
    ['who has none any more', ({ tags }) => tags === null],
    ['who has no tags', ({ tags }) => tags?.length === 0],
    ['with a value of several kB', ({ fields }) => String(fields['bio']).length > 5000],
    ['with an own password', ({ fields }) => 'user_login' in fields && 'user_pass' in fields],
    ['who is a customer by role', ({ fields }) => fields['user_role'] === 'customer'],
    ['who wants to be an administrator', ({ fields }) => fields['user_role'] === 'administrator'],
    [
      'of the same last name',
      ({ lastName }) => everybody.filter((one) => one.lastName === lastName).length === 2,
    ],
  ])('%s', (_, is) => {
    expect(everybody.some(is)).toBe(true);
  });
});
