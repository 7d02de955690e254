import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { enchargeSeedId } from '../../../lib/sandbox/encharge-person.ts';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { at, type Call, callerOf, pluck } from './exchange.ts';

const [ada, grace, newId] = [enchargeSeedId(1), enchargeSeedId(2), 'a0000000-0000-4000-8000-000000000000'];
let sandbox: Sandbox<'encharge'>;
let call: Call;

beforeAll(async () => {
  sandbox = await startSandbox('encharge', { token: 'fake-encharge-token' });
  call = callerOf(sandbox);
});
afterEach(() => sandbox.people.reset());
afterAll(() => sandbox.stop());

describe('a person is found', () => {
  it.each([
    ['by id', `people[0][id]=${ada}`, ['ada@example.com']],
    ['by an encoded query', `people%5B0%5D%5Bid%5D=${ada}`, ['ada@example.com']],
    ['by e-mail', 'people[0][email]=ada@example.com', ['ada@example.com']],
    ['by e-mail in another case', 'people[0][email]=ADA@example.com', ['ada@example.com']],
    [
      'by an e-mail with a plus',
      'people[0][email]=sam.filter%2Blists@example.com',
      ['sam.filter+lists@example.com'],
    ],
    ['by user id', 'people[0][userId]=customer-1906', ['grace.hopper@example.com']],
    [
      'among several',
      `people[0][id]=${ada}&people[1][id]=${grace}`,
      ['ada@example.com', 'grace.hopper@example.com'],
    ],
    ['once when named twice', `people[0][id]=${ada}&people[1][email]=ada@example.com`, ['ada@example.com']],
    ['not when unknown', `people[0][id]=${newId}`, []],
  ])('%s', async (_, query, emails) => {
    const { status, json } = await call(`/people?${query}`);
    expect(status).toBe(200);
    expect(pluck(at(json, 'users'), 'email')).toEqual(emails);
  });

  it('with its fields at the top level and its tags as one text', async () => {
    const { json } = await call(`/people?people[0][id]=${enchargeSeedId(16)}`);
    expect(at(json, 'users', 0)).toMatchObject({
      id: enchargeSeedId(16),
      firstName: 'Katherine',
      userId: null,
      leadScore: null,
      tags: 'customer',
      vip: true,
      orders: 42,
      score: 98.6,
      birthday: '1918-08-26',
      lastSeen: '2026-03-14T15:09:26.535Z',
      interests: ['mathematics', 'space flight'],
      nickname: null,
      createdAt: '2026-01-05T09:00:00.000Z',
    });
  });

  it.each([
    [10, null],
    [15, undefined],
    [25, ''],
  ])('person %i without tags: %p', async (number, tags) => {
    const { json } = await call(`/people?people[0][id]=${enchargeSeedId(number)}`);
    expect(at(json, 'users', 0, 'tags')).toBe(tags);
  });
});

describe('lists', () => {
  it.each([
    ['', 25, ada],
    ['?limit=10&offset=20', 5, enchargeSeedId(21)],
    ['?offset=25', 0, undefined],
  ])('people%s', async (query, length, first) => {
    const { json } = await call(`/people/all${query}`);
    expect(at(json, 'people')).toHaveLength(length);
    expect(at(json, 'people', 0, 'id')).toBe(first);
  });

  it('fields', async () => {
    const { json } = await call('/fields');
    expect(at(json, 'items')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'wpPassword',
          type: 'string',
          format: null,
          array: false,
          readOnly: false,
        }),
        expect.objectContaining({ name: 'birthday', format: 'date' }),
        expect.objectContaining({ name: 'lastSeen', format: 'date-time' }),
        expect.objectContaining({ name: 'vip', type: 'boolean' }),
        expect.objectContaining({ name: 'interests', array: true }),
      ]),
    );
  });

  it('tags', async () => {
    const { json } = await call('/tags-management');
    expect(at(json, 'tags')).toContainEqual({ tag: 'newsletter' });
    expect(at(json, 'tags')).toContainEqual({ tag: '__proto__' });
  });

  it('the account', async () => {
    const { json } = await call('/accounts/info');
    expect(json).toMatchObject({ peopleCount: 25, status: 'active', accountId: 1 });
  });
});
