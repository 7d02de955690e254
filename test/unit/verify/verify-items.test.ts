import { describe, expect, it } from '@jest/globals';
import { contactKey, emailKey, loginKey, tagKey, userItem, userKey } from '../../../functions/users/items.ts';
import {
  holderOf,
  type Item,
  indexItems,
  isClaim,
  isKnownOther,
  wholeUser,
} from '../../../lib/verify/verify-items.ts';
import { exampleUser } from '../example-user.ts';

const user = exampleUser({
  tags: ['a', 'b'],
  contacts: { encharge: 'c1', userengage: '7' },
  effects: { welcome_mail: { since: '2026-03-01T12:00:00.000Z' } },
});
const { id } = user;

it('the index of a user is its claims and links with its id, and its tag members with their tags', () => {
  expect(indexItems(user)).toEqual([
    { ...emailKey(user.email), userId: id },
    { ...loginKey(user.login), userId: id },
    { ...contactKey('encharge', 'c1'), userId: id },
    { ...contactKey('userengage', '7'), userId: id },
    { ...tagKey('a', id), tag: 'a' },
    { ...tagKey('b', id), tag: 'b' },
  ]);
});

describe('an item of the index', () => {
  it.each([
    ['EMAIL#ada@example.com', true],
    ['LOGIN#ada', true],
    ['CONTACT#encharge#c1', true],
    ['TAG#a', false],
    ['TAG#EMAIL#ada@example.com', false],
    ['EMAILS#ada@example.com', false],
  ])('%s there is one of: %s', (pk, isOne) => {
    expect(isClaim({ pk, sk: 'UNIQUE' })).toBe(isOne);
  });

  it.each<[name: string, item: Item, holder: string | undefined]>([
    ['an address', { pk: 'EMAIL#a', sk: 'UNIQUE', userId: 'u1' }, 'u1'],
    ['a username', { pk: 'LOGIN#a', sk: 'UNIQUE', userId: 'u1' }, 'u1'],
    ['a contact', { pk: 'CONTACT#a#b', sk: 'UNIQUE', userId: 'u1' }, 'u1'],
    ['a tag member', { pk: 'TAG#a', sk: 'USER#u1' }, 'u1'],
    ['a tag member that names another', { pk: 'TAG#a', sk: 'USER#u1', userId: 'u2' }, 'u1'],
    ['a claim without a user', { pk: 'EMAIL#a', sk: 'UNIQUE' }, undefined],
    ['a claim with a user that is no text', { pk: 'EMAIL#a', sk: 'UNIQUE', userId: 7 }, undefined],
    ['a claim with the key of a tag member', { pk: 'EMAIL#a', sk: 'USER#u1', userId: 'u1' }, undefined],
    ['a tag member with the key of a claim', { pk: 'TAG#a', sk: 'UNIQUE', userId: 'u1' }, undefined],
    ['a user', { pk: 'USER#u1', sk: 'USER', userId: 'u1' }, undefined],
    ['another kind under a user', { pk: 'BASKET#7', sk: 'USER#u1', userId: 'u1' }, undefined],
  ])('%s belongs to its user', (_name, item, holder) => {
    expect(holderOf(item)).toBe(holder);
  });
});

describe('the item of a user', () => {
  it.each<[name: string, change: Item]>([
    ['with everything', {}],
    ['without tags', { tags: undefined }],
    ['without effects', { effects: undefined }],
    ['without contacts', { contacts: {} }],
  ])('%s can be read', (_name, change) => {
    const item = { ...userItem(user), ...change };
    expect(wholeUser(item)).toEqual({
      ...user,
      contacts: item['contacts'],
      tags: item['tags'] ? user.tags : [],
      effects: item['effects'] ?? {},
    });
  });

  it.each<[name: string, change: Item]>([
    ['no id', { id: undefined }],
    ['an id that is no text', { id: 7, ...userKey('7') }],
    ['the id of another', { id: 'u2' }],
    ['the key of something else', { sk: 'BASKET' }],
    ['no address', { email: undefined }],
    ['no username', { login: null }],
    ['no contacts', { contacts: undefined }],
    ['null for contacts', { contacts: null }],
    ['a list of contacts', { contacts: ['c1'] }],
    ['a set of contacts', { contacts: new Set(['c1']) }],
    ['a text for contacts', { contacts: 'c1' }],
    ['a contact that is no text', { contacts: { encharge: 'c1', userengage: 7 } }],
    ['no version', { version: undefined }],
    ['a version that is no number', { version: '1' }],
    ['a list of tags', { tags: ['a'] }],
    ['a list of effects', { effects: [] }],
    ['a set of effects', { effects: new Set(['welcome_mail']) }],
    ['null for effects', { effects: null }],
    ['an effect that is no map', { effects: { ...user.effects, return_password: '2026-03-01' } }],
  ])('with %s cannot be one that Usher wrote', (_name, change) => {
    expect(wholeUser({ ...userItem(user), ...change })).toBeUndefined();
  });
});

it.each([
  ['PACE#encharge', true],
  ['TURN#0123abcd', true],
  ['LOOKS#CONTACT#encharge#c1', true],
  ['USER#PACE#', false],
  ['TRIES#00ff', true],
  ['BASKET#7', false],
])('%s is in order, though no user’s: %s', (pk, isKnown) => {
  expect(isKnownOther({ pk, sk: 'PACE' })).toBe(isKnown);
});
