import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { at, type Call, callerOf, pluck } from './exchange.ts';

let sandbox: Sandbox<'userengage'>;
let call: Call;

beforeAll(async () => {
  sandbox = await startSandbox('userengage', { token: 'fake-userengage-token' });
  call = callerOf(sandbox);
});
afterEach(() => sandbox.people.reset());
afterAll(() => sandbox.stop());

const version2 = { accept: '*/*; version=2' };

describe('a user', () => {
  it('in version 1 has a key, a user_id and a list of attributes', async () => {
    const { status, json } = await call('users/16/');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: 16,
      email: 'katherine@example.com',
      name: 'Katherine Johnson',
      key: 'key000000016',
      user_id: null,
      phone_number: null,
      tags: [{ id: expect.any(Number), name: 'customer' }],
      lists: [],
      companies: [],
      created_at: '2026-01-05T09:00:00.000000Z',
    });
    expect(json).not.toHaveProperty('first_name');
    expect(json).not.toHaveProperty('user_key');
    expect(json).not.toHaveProperty('vip');
    expect(at(json, 'attributes')).toContainEqual({ id: 1006, name: 'VIP', name_std: 'vip', value: true });
    const attributes = at(json, 'attributes');
    const values = pluck(attributes, 'name_std').map((name, index) => [name, at(attributes, index, 'value')]);
    expect(Object.fromEntries(values)).toEqual({
      bio: 'Mathematician',
      vip: true,
      orders: 42,
      score: 98.6,
      birthday: '1918-08-26',
      last_seen: '2026-03-14T15:09:26.535000Z',
      interests: ['mathematics', 'space flight'],
      nickname: null,
    });
  });

  it('in version 2 has a user_key, a custom_id and its attributes among its fields', async () => {
    const { json } = await call('users/16/', { headers: version2 });
    expect(json).toMatchObject({ user_key: 'key000000016', custom_id: null, vip: true, score: 98.6 });
    for (const name of ['key', 'user_id', 'attributes']) expect(json).not.toHaveProperty(name);
  });

  it.each([
    ['2', { user_id: 'customer-1906' }, {}],
    ['2', { custom_id: 'customer-1906' }, version2],
  ])('%s has the id of the client as %p', async (id, expected, headers) => {
    expect((await call(`users/${id}/`, { headers })).json).toMatchObject(expected);
  });
});

describe('search', () => {
  it('answers one user', async () => {
    const { status, json } = await call('users/search/?email=ada@example.com');
    expect([status, at(json, 'id')]).toEqual([200, 1]);
  });

  it('answers an array with many=true', async () => {
    sandbox.people.put({ email: 'ada@example.com', name: 'Another Ada' });
    const { json } = await call('users/search/?email=ada@example.com&many=true');
    expect(pluck(json, 'id')).toEqual([1, 26]);
  });

  it('answers a page to a part of an address', async () => {
    const { json } = await call('users/search/?email__contains=noether');
    expect(json).toMatchObject({ count: 2, next: null, results: [{ id: 21 }, { id: 22 }] });
  });

  it.each([
    ['nobody', 'email=nobody@example.com', 404],
    ['another case', 'email=ADA@example.com', 404],
    ['a plus', 'email=sam.filter%2Blists@example.com', 200],
    ['nothing to search by', '', 400],
  ])('for %s', async (_, query, expected) => {
    expect((await call(`users/search/?${query}`)).status).toBe(expected);
  });

  it('answers an empty array when nobody is found among many', async () => {
    expect((await call('users/search/?email=nobody@example.com&many=true')).json).toEqual([]);
  });
});

describe('lists', () => {
  it('users in pages of 100 with links to the others', async () => {
    for (let n = 0; n < 180; n += 1) sandbox.people.put({ email: `many${n}@example.com` });
    const follow = (json: unknown) => call(String(at(json, 'next')).slice(sandbox.url.length));
    const first = await call('users/');
    const second = await follow(first.json);
    const third = await follow(second.json);
    expect([first, second, third].map(({ json }) => pluck(at(json, 'results'), 'id').length)).toEqual([
      100, 100, 5,
    ]);
    expect(first.json).toMatchObject({ count: 205, previous: null, next: `${sandbox.url}users/?page=2` });
    expect(second.json).toMatchObject({ count: 205, previous: `${sandbox.url}users/` });
    expect(third.json).toMatchObject({ count: 205, previous: `${sandbox.url}users/?page=2`, next: null });
  });

  it('tags, and the users of each', async () => {
    const { json } = await call('tags/');
    expect(at(json, 'count')).toBeGreaterThan(150);
    const newsletter = pluck(at(json, 'results'), 'name').indexOf('newsletter');
    const users = await call(`tags/${String(at(json, 'results', newsletter, 'id'))}/users/`);
    expect(pluck(at(users.json, 'results'), 'id')).toEqual([1, 3, 8, 20, 22]);
  });

  it('attributes', async () => {
    const { json } = await call('attributes/');
    expect(json).toMatchObject({ next: null, previous: null });
    expect(at(json, 'results')).toContainEqual({
      id: 1001,
      name: 'WP password',
      name_std: 'wp_password',
      value_type: 'string',
      content_type: 'user',
    });
    expect(pluck(at(json, 'results'), 'name_std')).toEqual(
      expect.arrayContaining([
        'user_login',
        'user_pass',
        'user_role',
        'birthday',
        'vip',
        'score',
        'interests',
      ]),
    );
  });
});
