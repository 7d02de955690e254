import { describe, expect, it } from '@jest/globals';
import { at, type ExchangeOptions, pluck } from './exchange.ts';
import { call, sandbox, useSandbox } from './use-sandbox.ts';

useSandbox('userengage');

describe('search', () => {
  it.each([
    ['nobody', 'email=nobody@example.com', 404],
    ['another case', 'email=ADA@example.com', 404],
    ['a plus', 'email=sam.filter%2Blists@example.com', 200],
  ])('for %s', async (_, query, expected) => {
    expect((await call(`users/search/?${query}`)).status).toBe(expected);
  });
});

describe('lists', () => {
  it('users in pages of 100 with links to the others', async () => {
    for (let n = 0; n < 180; n += 1) sandbox.people.put({ email: `many${n}@example.com` });
    const [first, second, third] = await Promise.all([1, 2, 3].map((page) => call(`users/?page=${page}`)));
    expect([first, second, third].map((page) => pluck(at(page?.json, 'results'), 'id').length)).toEqual([
      100, 100, 5,
    ]);
    expect(first?.json).toMatchObject({ count: 205, previous: null, next: `${sandbox.url}users/?page=2` });
    expect(second?.json).toMatchObject({ count: 205, previous: `${sandbox.url}users/` });
    expect(third?.json).toMatchObject({ count: 205, previous: `${sandbox.url}users/?page=2`, next: null });
  });

  it('attributes', async () => {
    const { json } = await call('attributes/');
    expect(at(json, 'results')).toContainEqual({
      id: 1001,
      name: 'WP password',
      name_std: 'wp_password',
      value_type: 'string',
      content_type: 'user',
    });
  });
});

describe('writing', () => {
  it.each([
    ['a standard field', { phone_number: '+1 555 0101' }, { phone_number: '+1 555 0101', city: 'Arlington' }],
    ['the first name', { first_name: 'Amazing' }, { name: 'Amazing Hopper' }],
    ['the whole name', { name: 'Amazing Grace' }, { name: 'Amazing Grace' }],
  ])('PUT changes %s', async (_, body, expected) => {
    expect((await call('users/2/', { method: 'PUT', body })).json).toMatchObject({ id: 2, ...expected });
    expect((await call('users/2/')).json).toMatchObject(expected);
  });
});

describe('a refused request', () => {
  const json = { 'content-type': 'application/json' };
  const attributes = 'users/1/set_multiple_attributes/';

  it.each<[name: string, path: string, options: ExchangeOptions, status: number, detail: string | undefined]>(
    [
      ['wrong token', 'users/', { headers: { authorization: 'Token other' } }, 401, 'Invalid token.'],
      ['unknown user', 'users/999/', {}, 404, 'Not Found'],
      ['id that is no number', 'users/abc/', {}, 404, 'Not Found'],
      ['missing page', 'users/?page=2', {}, 404, 'Invalid page.'],
      ['no content type', 'users/1/', { method: 'PUT', body: '{}' }, 400, undefined],
      ['broken body', 'users/1/', { method: 'PUT', body: '{', headers: json }, 400, undefined],
      ['body that is no object', 'users/1/', { method: 'PUT', body: [] }, 400, undefined],
      ['unknown attribute', attributes, { method: 'POST', body: { wp_pasword: 'x' } }, 400, undefined],
      ['update of nobody', 'users/999/', { method: 'PUT', body: {} }, 404, 'Not Found'],
    ],
  )('%s', async (_, path, options, status, detail) => {
    const before = sandbox.people.list();
    const answer = await call(path, options);
    expect([answer.status, at(answer.json, 'detail')]).toEqual([status, detail]);
    expect(sandbox.people.list()).toEqual(before);
  });

  it.each([
    ['GET', 'users/1', '/api/public/users/1/'],
    ['GET', 'users/search?email=a%2Bb%40example.com', '/api/public/users/search/?email=a%2Bb%40example.com'],
    ['PUT', 'users/1', '/api/public/users/1/'],
  ])('%s %s without its last slash redirects', async (method, path, location) => {
    const { status, headers } = await call(path, {
      method,
      ...(method === 'PUT' ? { body: { city: 'X' } } : {}),
    });
    expect([status, headers.location]).toEqual([301, location]);
    expect(sandbox.people.get(1)?.fields['city']).toBeUndefined();
  });
});
