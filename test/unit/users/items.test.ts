import { describe, expect, it } from '@jest/globals';
import {
  claimKeys,
  contactKey,
  emailKey,
  type Key,
  loginKey,
  tagKey,
  userItem,
  userKey,
  userOf,
} from '../../../functions/users/items.ts';
import type { User } from '../../../functions/users/user.ts';

const user: User = {
  id: 'u1',
  email: 'ada@example.com',
  login: 'ada',
  role: 'subscriber',
  fields: { first_name: 'Ada', score: 1.5, interests: ['a'] },
  tags: ['b', 'a'],
  contacts: { encharge: 'c1' },
  passwordHash: '$argon2id$fake',
  effects: { welcome_mail: { since: '2026-01-01T00:00:00.000Z' } },
  version: 3,
  created: '2026-01-01T00:00:00.000Z',
  updated: '2026-01-02T00:00:00.000Z',
};

describe('keys', () => {
  it.each<[pk: string, sk: string, key: () => Key]>([
    ['USER#u1', 'USER', () => userKey('u1')],
    ['EMAIL#ada@example.com', 'UNIQUE', () => emailKey(' Ada@Example.com')],
    ['LOGIN#ada', 'UNIQUE', () => loginKey('ＡＤＡ')],
    ['CONTACT#encharge#C#1/é', 'UNIQUE', () => contactKey('encharge', 'C#1/é')],
    ['TAG#VIP #1', 'USER#u1', () => tagKey('VIP #1', 'u1')],
    [`TAG#${'t'.repeat(1024)}`, 'USER#u1', () => tagKey('t'.repeat(1024), 'u1')],
  ])('%s %s', (pk, sk, key) => {
    expect(key()).toEqual({ pk, sk });
  });

  it('of everything that there is one of', () => {
    expect(claimKeys({ ...user, contacts: { encharge: 'c1', userengage: '7' } }).map(({ pk }) => pk)).toEqual(
      ['EMAIL#ada@example.com', 'LOGIN#ada', 'CONTACT#encharge#c1', 'CONTACT#userengage#7'],
    );
  });

  it.each([
    ['ASCII', 't'.repeat(1025), 'u'.repeat(1025)],
    ['four bytes a character', '👍'.repeat(257), '👎'.repeat(257)],
  ])('a tag too long for a key is kept by its digest: %s', (_name, tag, other) => {
    expect(tagKey(tag, 'u1')).toEqual({
      pk: expect.stringMatching(/^TAG#sha256:[0-9a-f]{64}$/),
      sk: 'USER#u1',
    });
    expect(tagKey(tag, 'u1')).not.toEqual(tagKey(other, 'u1'));
  });
});

describe('the user as an item', () => {
  it('comes back as it was, its tags in order', () => {
    expect(userOf(userItem(user))).toEqual({ ...user, tags: ['a', 'b'] });
  });

  it('holds its tags as a set', () => {
    expect(userItem(user)).toMatchObject({ pk: 'USER#u1', sk: 'USER', tags: new Set(['b', 'a']) });
  });

  it('has no empty set', () => {
    const item = userItem({ ...user, tags: [] });
    expect(item).not.toHaveProperty('tags');
    expect(userOf(item).tags).toEqual([]);
  });

  it('keeps its one-time key to itself', () => {
    expect(userOf({ ...userItem(user), setPassword: { hash: 'h', expires: 'e' } })).not.toHaveProperty(
      'setPassword',
    );
  });

  it('without effects has none pending', () => {
    const { effects: _effects, ...item } = userItem(user);
    expect(userOf(item).effects).toEqual({});
  });
});

it('effects are in one order, however DynamoDB gives them', () => {
  const pending = { since: '2026-01-01T00:00:00.000Z' };
  const names = (effects: object) => Object.keys(userOf({ ...userItem(user), effects }).effects);
  const order = names({ welcome_mail: pending, return_password: pending });
  expect(names({ return_password: pending, welcome_mail: pending })).toEqual(order);
});
