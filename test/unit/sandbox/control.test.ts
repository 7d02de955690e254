import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { enchargeSeedId } from '../../../lib/sandbox/encharge-person.ts';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { at, callerOf, type Exchange, type ExchangeOptions, exchange } from './exchange.ts';

let encharge: Sandbox<'encharge'>;
let userengage: Sandbox<'userengage'>;

beforeAll(async () => {
  encharge = await startSandbox('encharge', { token: 'fake-token' });
  userengage = await startSandbox('userengage', { token: 'fake-token' });
});
afterEach(() =>
  Promise.all([control('/reset', { method: 'POST' }), control('/reset', { method: 'POST' }, encharge)]),
);
afterAll(() => Promise.all([encharge.stop(), userengage.stop()]));

function control(path: string, options?: ExchangeOptions, sandbox: Sandbox = userengage): Promise<Exchange> {
  return exchange(`${sandbox.control}${path}`, options);
}

it('the index says what there is', async () => {
  const { status, json } = await control('');
  expect(status).toBe(200);
  expect(json).toMatchObject({
    crm: 'userengage',
    people: 25,
    paths: { 'POST /_sandbox/reset': expect.any(String) },
  });
  expect((await control('/')).json).toEqual(json);
});

describe('people', () => {
  it('are listed and read', async () => {
    const { json } = await control('/people');
    expect(at(json, 'people')).toHaveLength(25);
    expect((await control('/people/1')).json).toEqual(at(json, 'people', 0));
    expect((await control(`/people/${enchargeSeedId(1)}`, {}, encharge)).json).toMatchObject({
      email: 'ada@example.com',
      tags: 'customer,newsletter',
    });
  });

  it('are changed by what is named, attributes one by one', async () => {
    const { status } = await control('/people/16', {
      method: 'PUT',
      body: { tags: ['a'], attributes: { vip: false } },
    });
    expect(status).toBe(200);
    const { json } = await callerOf(userengage)('users/16/', { headers: { accept: '*/*; version=2' } });
    expect(json).toMatchObject({ name: 'Katherine Johnson', tags: [{ name: 'a' }], vip: false, orders: 42 });
  });

  it('keep their id', async () => {
    await control('/people/16', { method: 'PUT', body: { id: 17, name: 'Kate' } });
    expect(userengage.people.get(16)?.name).toBe('Kate');
    expect(userengage.people.get(17)?.name).toBe('Linus Login');
  });

  it('are created, with an id or without', async () => {
    const given = await control('/people', { method: 'POST', body: { id: 400, email: 'a@example.com' } });
    const taken = await control('/people', { method: 'POST', body: { email: 'b@example.com' } });
    expect([given.status, at(given.json, 'id')]).toEqual([201, 400]);
    expect([taken.status, at(taken.json, 'id')]).toEqual([201, 401]);
    const fresh = await control('/people', { method: 'POST', body: { email: 'c@example.com' } }, encharge);
    expect(at(fresh.json, 'id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('are removed', async () => {
    expect((await control('/people/2', { method: 'DELETE' })).status).toBe(204);
    expect((await callerOf(userengage)('users/2/')).status).toBe(404);
    expect((await callerOf(userengage)('users/search/?email=grace.hopper@example.com')).status).toBe(404);
  });
});

it('faults are injected, listed and cleared', async () => {
  const injected = await control('/faults', {
    method: 'POST',
    body: [{ status: 500, times: 1 }, { latencyMs: 1 }],
  });
  expect(injected.status).toBe(201);
  expect((await control('/faults')).json).toEqual(injected.json);
  expect((await callerOf(userengage)('users/1/')).status).toBe(500);
  expect((await control('/faults', { method: 'DELETE' })).status).toBe(204);
  expect((await control('/faults')).json).toEqual({ faults: [] });
});

it('requests are listed and forgotten', async () => {
  await callerOf(userengage)('users/1/');
  await control('/people');
  expect((await control('/requests')).json).toMatchObject({
    count: 1,
    requests: [{ method: 'GET', path: '/api/public/users/1/', status: 200 }],
  });
  await control('/requests', { method: 'DELETE' });
  expect((await control('/requests')).json).toEqual({ count: 0, requests: [] });
});

it('reset brings everything back', async () => {
  userengage.people.remove(1);
  userengage.people.put({ email: 'new@example.com', tags: ['new tag'] });
  userengage.faults.inject({ kind: 'hang' });
  expect((await control('/reset', { method: 'POST' })).json).toEqual({ people: 25 });
  expect((await callerOf(userengage)('users/1/')).status).toBe(200);
  expect(at((await callerOf(userengage)('tags/?page=2')).json, 'results')).not.toContainEqual(
    expect.objectContaining({ name: 'new tag' }),
  );
  expect(userengage.requests.count()).toBe(2);
});

describe('bad input', () => {
  const json = { 'content-type': 'application/json' };

  it.each<[name: string, path: string, options: ExchangeOptions, status: number, error: RegExp]>([
    ['unknown path', '/persons', {}, 404, /no such path/],
    ['wrong method', '/people', { method: 'PATCH' }, 405, /GET, POST/],
    ['nobody to read', '/people/999', {}, 404, /no person 999/],
    ['nobody to change', '/people/999', { method: 'PUT', body: {} }, 404, /no person 999/],
    ['nobody to remove', '/people/999', { method: 'DELETE' }, 404, /no person 999/],
    ['somebody there already', '/people', { method: 'POST', body: { id: 1 } }, 409, /person 1 already/],
    ['broken JSON', '/people', { method: 'POST', body: '{', headers: json }, 400, /not JSON/],
    ['no body', '/people', { method: 'POST' }, 400, /JSON object/],
    ['no object', '/people/1', { method: 'PUT', body: [] }, 400, /JSON object/],
    ['wrong type', '/people/1', { method: 'PUT', body: { tags: 'a,b' } }, 400, /tags/],
    ['unknown field', '/people/1', { method: 'PUT', body: { vip: true } }, 400, /vip/],
    [
      'unknown attribute',
      '/people/1',
      { method: 'PUT', body: { attributes: { x: 1 } } },
      400,
      /only these exist.*vip/,
    ],
    ['wrong id', '/people', { method: 'POST', body: { id: 'x' } }, 400, /id/],
    ['broken id', '/people/%E0%A4%A', {}, 400, /URI/],
    ['no fault', '/faults', { method: 'POST', body: { kind: 'flood' } }, 400, /kind/],
    ['one fault of two', '/faults', { method: 'POST', body: [{ status: 500 }, {}] }, 400, /kind, a status/],
    ['fault without a body', '/faults', { method: 'POST' }, 400, /expected object/],
    ['over 1 MB', '/people', { method: 'POST', body: { name: 'x'.repeat(1024 * 1024) } }, 413, /1 MB/],
  ])('%s', async (_, path, options, status, error) => {
    const before = userengage.people.list();
    const answer = await control(path, options);
    expect(answer.status).toBe(status);
    expect(at(answer.json, 'error')).toMatch(error);
    expect(userengage.people.list()).toEqual(before);
    expect(userengage.faults.list()).toEqual([]);
  });
});
