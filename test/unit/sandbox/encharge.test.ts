import { describe, expect, it } from '@jest/globals';
import { encharge } from '../../../lib/sandbox/crms/encharge.ts';
import { at, type ExchangeOptions, pluck } from './exchange.ts';
import { call, sandbox, useSandbox } from './use-sandbox.ts';

const [ada, grace, newId] = [encharge.idOf(1), encharge.idOf(2), 'a0000000-0000-4000-8000-000000000000'];
useSandbox('encharge');

describe('a person is found', () => {
  it.each([
    ['by an encoded query', `people%5B0%5D%5Bid%5D=${ada}`, ['ada@example.com']],
    ['by e-mail in another case', 'people[0][email]=ADA@example.com', ['ada@example.com']],
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
});

it.each([
  ['', 25, ada],
  ['?limit=10&offset=20', 5, encharge.idOf(21)],
  ['?offset=25', 0, undefined],
])('lists people%s', async (query, length, first) => {
  const { json } = await call(`/people/all${query}`);
  expect(at(json, 'people')).toHaveLength(length);
  expect(at(json, 'people', 0, 'id')).toBe(first);
});

describe('POST /people', () => {
  it.each([
    ['id', { id: ada }],
    ['e-mail', { email: 'ada@example.com' }],
  ])('updates who has that %s', async (_, identifier) => {
    const body = [{ ...identifier, wpPassword: 'generated' }];
    const { json } = await call('/people', { method: 'POST', body });
    expect(at(json, 'users', 0)).toMatchObject({ id: ada, wpPassword: 'generated', lastName: 'Lovelace' });
    expect(sandbox.people.get(ada)?.fields).toMatchObject({ wp_password: 'generated', lastName: 'Lovelace' });
  });

  it('answers one user to an object', async () => {
    const { json } = await call('/people', { method: 'POST', body: { id: ada, city: 'London' } });
    expect(json).toMatchObject({ user: { id: ada, city: 'London' } });
  });

  it('creates a person of an id that nobody has, and gives one to who has none', async () => {
    await call('/people', {
      method: 'POST',
      body: [{ id: newId, wpPassword: 'lost' }, { email: 'b@example.com' }],
    });
    expect(sandbox.people.get(newId)).toMatchObject({ email: null, fields: { wp_password: 'lost' } });
    expect(sandbox.people.get(encharge.idOf(26))?.email).toBe('b@example.com');
  });
});

describe('a refused request', () => {
  const many = Array.from({ length: 21 }, (_, n) => `people[${n}][id]=x`).join('&');
  const json = { 'content-type': 'application/json' };

  it.each<[name: string, path: string, options: ExchangeOptions, status: number]>([
    ['nobody named', '/people', {}, 400],
    ['more than 20 named', `/people?${many}`, {}, 400],
    ['body that is no JSON', '/people', { method: 'POST', body: '{', headers: json }, 400],
    ['body without a content type', '/people', { method: 'POST', body: '{"email":"new@example.com"}' }, 400],
    ['person of a wrong type', '/people', { method: 'POST', body: [{ email: 7 }] }, 400],
    ['array of no people', '/people', { method: 'POST', body: ['ada@example.com'] }, 400],
    ['body over 1 MB', '/people', { method: 'POST', body: [{ bio: 'x'.repeat(1024 * 1024) }] }, 413],
  ])('%s', async (_, path, options, expected) => {
    const answer = await call(path, options);
    expect(answer.status).toBe(expected);
    expect(at(answer.json, 'error', 'traceId')).toEqual(expect.any(String));
    expect(sandbox.people.list()).toHaveLength(25);
  });

  it('of a wrong token carries the code that is known', async () => {
    const { status, json: error } = await call('/fields', { headers: { 'x-encharge-token': 'other' } });
    expect([status, at(error, 'error', 'errorCode')]).toEqual([401, 10082]);
  });
});
