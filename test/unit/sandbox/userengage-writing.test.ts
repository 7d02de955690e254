import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { at, type Call, callerOf } from './exchange.ts';

let sandbox: Sandbox<'userengage'>;
let call: Call;

beforeAll(async () => {
  sandbox = await startSandbox('userengage', { token: 'fake-userengage-token' });
  call = callerOf(sandbox);
});
afterEach(() => sandbox.people.reset());
afterAll(() => sandbox.stop());

const version2 = { accept: '*/*; version=2' };

describe('writing', () => {
  it('sets custom attributes and keeps the others', async () => {
    const { status } = await call('users/16/set_multiple_attributes/', {
      method: 'POST',
      body: { wp_password: 'generated', vip: false },
    });
    expect(status).toBe(200);
    expect(sandbox.people.get(16)?.attributes).toMatchObject({
      wp_password: 'generated',
      vip: false,
      orders: 42,
    });
  });

  it.each([
    ['a standard field', { phone_number: '+1 555 0101' }, { phone_number: '+1 555 0101', city: 'Arlington' }],
    ['the first name', { first_name: 'Amazing' }, { name: 'Amazing Hopper' }],
    ['the last name', { last_name: 'Murray Hopper' }, { name: 'Grace Murray Hopper' }],
    ['the tags', { tags: ['only'] }, { tags: ['only'] }],
    ['a custom attribute', { vip: true }, { attributes: { vip: true } }],
    ["the client's id", { custom_id: 'c-1' }, { user_id: 'c-1' }],
    ['nothing by a name that means nothing', { id: 9, nonsense: 1 }, { id: 2, name: 'Grace Hopper' }],
  ])('PUT changes %s', async (_, body, expected) => {
    const { status, json } = await call('users/2/', { method: 'PUT', body });
    expect([status, at(json, 'id')]).toEqual([200, 2]);
    expect(sandbox.people.get(2)).toMatchObject(expected);
  });

  it('POST users/ creates a user, even a second one of an address', async () => {
    const { status, json } = await call('users/', {
      method: 'POST',
      body: { email: 'ada@example.com', first_name: 'Augusta', last_name: 'King', tags: ['new'], vip: true },
      headers: version2,
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({ id: 26, name: 'Augusta King', vip: true, tags: [{ name: 'new' }] });
    expect(sandbox.people.list()).toHaveLength(26);
  });

  it.each([
    ['customer', false],
    ['brand new', true],
  ])('add_tag %s', async (name, created) => {
    const { status, json } = await call('users/4/add_tag/', { method: 'POST', body: { name } });
    expect(status).toBe(200);
    expect(json).toEqual({ created, tag: { id: expect.any(Number), name } });
    expect(sandbox.people.get(4)?.tags).toEqual(['cafe\u0301', name]);
  });

  it.each([
    ['POST', 200],
    ['DELETE', 204],
  ])('%s remove_tag', async (method, expected) => {
    const { status } = await call('users/1/remove_tag/', { method, body: { name: 'customer' } });
    expect(status).toBe(expected);
    expect(sandbox.people.get(1)?.tags).toEqual(['newsletter']);
  });

  it('never gives an id twice', () => {
    sandbox.people.remove(25);
    expect(sandbox.people.put({ email: 'next@example.com' }).id).toBe(26);
  });
});

describe('what public clients call besides', () => {
  it('DELETE users/{id}/ removes the user', async () => {
    expect((await call('users/2/', { method: 'DELETE' })).status).toBe(204);
    expect((await call('users/2/')).status).toBe(404);
    expect((await call('users/2/', { method: 'DELETE' })).status).toBe(404);
  });

  it("users-by-id/ counts by the client's own id", async () => {
    expect((await call('users-by-id/customer-1906/')).json).toMatchObject({ id: 2 });
    await call('users-by-id/customer-1906/', { method: 'PUT', body: { city: 'Reno' } });
    expect(sandbox.people.get(2)).toMatchObject({ city: 'Reno' });
    expect((await call('users-by-id/2/')).status).toBe(404);
  });

  it.each([
    ['the custom id', { custom_id: 'customer-1906', city: 'Reno' }, 200, 2],
    ['the address', { email: 'ada@example.com', city: 'Reno' }, 200, 1],
    ['nobody', { email: 'new@example.com', city: 'Reno' }, 201, 26],
  ])('users/update_or_create/ finds by %s', async (_what, body, expected, id) => {
    const { status, json } = await call('users/update_or_create/', { method: 'POST', body });
    expect([status, at(json, 'id'), at(json, 'city')]).toEqual([expected, id, 'Reno']);
  });

  it('users/search/ finds by key', async () => {
    const key = String(at((await call('users/2/')).json, 'key'));
    expect((await call(`users/search/?key=${key}`)).json).toMatchObject({ id: 2 });
    expect((await call('users/search/?key=nobody')).status).toBe(404);
  });
});
