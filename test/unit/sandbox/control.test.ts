import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { descriptions } from '../../../lib/sandbox/descriptions.ts';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { at, type Call, callerOf, type Exchange, type ExchangeOptions, exchange } from './exchange.ts';

let sandbox: Sandbox;
let call: Call;

beforeAll(async () => {
  sandbox = await startSandbox('userengage', { token: 'fake-token' });
  call = callerOf(sandbox);
});
afterEach(() => control('/reset', { method: 'POST' }));
afterAll(() => sandbox.stop());

function control(path: string, options?: ExchangeOptions): Promise<Exchange> {
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
    expect(at(json, 'people', 0)).toEqual({
      id: '1',
      email: 'ada@example.com',
      tags: ['customer', 'newsletter'],
      fields: { firstName: 'Ada', lastName: 'Lovelace' },
      createdAt: '2026-01-05T09:00:00.000Z',
      updatedAt: '2026-01-05T09:00:00.000Z',
    });
  });

  it('are changed by what is named, fields one by one', async () => {
    const body = { tags: ['a'], fields: { vip: false } };
    expect((await control('/people/16', { method: 'PUT', body })).status).toBe(200);
    const { json } = await call('users/16/', { headers: { accept: '*/*; version=2' } });
    expect(json).toMatchObject({ name: 'Katherine Johnson', tags: [{ name: 'a' }], vip: false, orders: 42 });
  });

  it('keep their id', async () => {
    await control('/people/16', { method: 'PUT', body: { id: 17, email: 'kate@example.com' } });
    expect(sandbox.people.get(16)?.email).toBe('kate@example.com');
    expect(sandbox.people.get(17)?.email).toBe('linus@example.com');
  });

  it('are created, with an id or without', async () => {
    const given = await control('/people', { method: 'POST', body: { id: 400, email: 'a@example.com' } });
    const taken = await control('/people', { method: 'POST', body: { email: 'b@example.com' } });
    expect([given.status, at(given.json, 'id')]).toEqual([201, '400']);
    expect([taken.status, at(taken.json, 'id')]).toEqual([201, '26']);
  });

  it('never get an id twice, and none that is taken', () => {
    sandbox.people.put({ id: 27 });
    expect(sandbox.people.put({}).id).toBe('26');
    sandbox.people.remove(26);
    expect(sandbox.people.put({}).id).toBe('28');
  });

  it('are removed', async () => {
    expect((await control('/people/2', { method: 'DELETE' })).status).toBe(204);
    expect((await call('users/2/')).status).toBe(404);
    expect((await call('users/search/?email=grace.hopper@example.com')).status).toBe(404);
  });
});

it('faults are injected, listed and cleared', async () => {
  const injected = await control('/faults', {
    method: 'POST',
    body: [{ status: 500, times: 1 }, { latencyMs: 1 }],
  });
  expect(injected.status).toBe(201);
  expect((await control('/faults')).json).toEqual(injected.json);
  expect((await call('users/1/')).status).toBe(500);
  expect((await control('/faults', { method: 'DELETE' })).status).toBe(204);
  expect((await control('/faults')).json).toEqual({ faults: [] });
});

it('limits are switched on and off', async () => {
  const limits = descriptions.userengage.limits ?? [];
  expect((await control('/limits')).json).toEqual({ on: false, limits });
  expect((await control('/limits', { method: 'PUT', body: { on: true } })).json).toEqual({
    on: true,
    limits,
  });
  await control('/reset', { method: 'POST' });
  expect(sandbox.limits.isOn).toBe(false);
});

it('requests are listed and forgotten', async () => {
  await call('users/1/');
  await control('/people');
  expect((await control('/requests')).json).toMatchObject({
    count: 1,
    requests: [{ method: 'GET', path: '/api/public/users/1/', status: 200 }],
  });
  await control('/requests', { method: 'DELETE' });
  expect((await control('/requests')).json).toEqual({ count: 0, requests: [] });
});

it('reset brings everything back', async () => {
  sandbox.people.remove(1);
  sandbox.people.put({ email: 'new@example.com', tags: ['new tag'] });
  sandbox.faults.inject({ kind: 'hang' });
  expect((await control('/reset', { method: 'POST' })).json).toEqual({ people: 25 });
  expect((await call('users/1/')).status).toBe(200);
  expect(sandbox.requests.count()).toBe(1);
});

describe('bad input', () => {
  const json = { 'content-type': 'application/json' };

  it.each<[name: string, path: string, options: ExchangeOptions, status: number, error: RegExp]>([
    ['unknown path', '/persons', {}, 404, /no such path/],
    ['wrong method', '/people', { method: 'PATCH' }, 404, /no such path/],
    ['nobody to read', '/people/999', {}, 404, /no person 999/],
    ['nobody to change', '/people/999', { method: 'PUT', body: {} }, 404, /no person 999/],
    ['nobody to remove', '/people/999', { method: 'DELETE' }, 404, /no person 999/],
    ['somebody there already', '/people', { method: 'POST', body: { id: 1 } }, 409, /person 1 already/],
    ['broken JSON', '/people', { method: 'POST', body: '{', headers: json }, 400, /not JSON/],
    ['no body', '/people', { method: 'POST' }, 400, /JSON object/],
    ['no object', '/people/1', { method: 'PUT', body: [] }, 400, /JSON object/],
    ['wrong type', '/people/1', { method: 'PUT', body: { tags: 'a,b' } }, 400, /tags/],
    ['unknown member', '/people/1', { method: 'PUT', body: { vip: true } }, 400, /vip/],
    [
      'fields as a list',
      '/people/1',
      { method: 'PUT', body: { fields: [] } },
      400,
      /fields: must be an object/,
    ],
    ['broken id', '/people/%E0%A4%A', {}, 404, /no person/],
    ['no fault', '/faults', { method: 'POST', body: { kind: 'flood' } }, 400, /kind/],
    ['one fault of two', '/faults', { method: 'POST', body: [{ status: 500 }, {}] }, 400, /kind, a status/],
    ['fault without a body', '/faults', { method: 'POST' }, 400, /expected object/],
    ['limits by a word', '/limits', { method: 'PUT', body: { on: 'yes' } }, 400, /"on":true/],
    ['over 1 MB', '/people', { method: 'POST', body: { name: 'x'.repeat(1024 * 1024) } }, 413, /1 MB/],
  ])('%s', async (_, path, options, status, error) => {
    const before = sandbox.people.list();
    const answer = await control(path, options);
    expect(answer.status).toBe(status);
    expect(at(answer.json, 'error')).toMatch(error);
    expect(sandbox.people.list()).toEqual(before);
    expect(sandbox.faults.list()).toEqual([]);
  });
});
