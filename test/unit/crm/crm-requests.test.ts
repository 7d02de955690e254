import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrmClient } from '../../../functions/crm/crm-client.ts';
import type { CrmName } from '../../../functions/crm/registry.ts';
import { type CrmServer, type Reply, startCrmServer } from './crm-server.ts';

let crm: CrmServer;
beforeAll(async () => {
  crm = await startCrmServer();
});
afterAll(() => crm.stop());

/** What the CRM got of one call, whatever became of it; after what it was asked for first. */
async function sent(name: CrmName, call: (client: CrmClient) => Promise<unknown>, ...first: Reply[]) {
  crm.answer(...first, { status: 400 });
  await call(crm.client(name)).catch(() => undefined);
  const [request, ...more] = crm.received.slice(first.length);
  expect(more).toEqual([]);
  const { host: _host, connection: _connection, ...headers } = request?.headers ?? {};
  return { ...request, headers };
}

const reading = { 'accept-encoding': 'identity', 'user-agent': 'usher' };
const writing = (body: string) => ({
  ...reading,
  'content-type': 'application/json',
  'content-length': String(Buffer.byteLength(body)),
});
/** Encharge is asked first whether it has somebody. */
const looked = (id: string): Reply => ({ body: { users: [{ id, tags: null }] } });
const encharge = { accept: 'application/json', 'x-encharge-token': 'fake-token' };
const userengage = { accept: '*/*; version=2', authorization: 'Token fake-token' };

describe('Encharge is sent', () => {
  it.each<
    [name: string, call: (client: CrmClient) => Promise<unknown>, method: string, url: string, body: string]
  >([
    ['a load', (client) => client.load('c1'), 'GET', '/api/people?people%5B0%5D%5Bid%5D=c1', ''],
    [
      'a search',
      (client) => client.loadByEmail('ada+x@example.com'),
      'GET',
      '/api/people?people%5B0%5D%5Bemail%5D=ada%2Bx%40example.com',
      '',
    ],
    [
      'a write',
      (client) => client.writeField('c1', 'wpPassword', 'é"x'),
      'POST',
      '/api/people',
      '[{"id":"c1","wpPassword":"é\\"x"}]',
    ],
    ['a test', (client) => client.testCredentials(), 'GET', '/api/people/all?limit=1', ''],
  ])('%s', async (_name, call, method, url, body) => {
    const headers = { ...encharge, ...(body === '' ? reading : writing(body)) };
    const first = method === 'POST' ? [looked('c1')] : [];
    expect(await sent('encharge', call, ...first)).toEqual({ method, url, headers, body });
  });
});

describe('UserEngage is sent', () => {
  it.each<
    [name: string, call: (client: CrmClient) => Promise<unknown>, method: string, url: string, body: string]
  >([
    ['a load', (client) => client.load('7'), 'GET', '/api/users/7/', ''],
    [
      'a search',
      (client) => client.loadByEmail('ada+x@example.com'),
      'GET',
      '/api/users/search/?email=ada%2Bx%40example.com',
      '',
    ],
    [
      'a write of a custom attribute',
      (client) => client.writeField('7', 'wp_password', 'x'),
      'POST',
      '/api/users/7/set_multiple_attributes/',
      '{"wp_password":"x"}',
    ],
    [
      'a write of a standard field',
      (client) => client.writeField('7', 'city', 'Zürich'),
      'PUT',
      '/api/users/7/',
      '{"city":"Zürich"}',
    ],
    ['a test', (client) => client.testCredentials(), 'GET', '/api/users/', ''],
  ])('%s', async (_name, call, method, url, body) => {
    const headers = { ...userengage, ...(body === '' ? reading : writing(body)) };
    expect(await sent('userengage', call)).toEqual({ method, url, headers, body });
  });
});

describe('an id is but a text', () => {
  const ids = [
    '#',
    '/',
    '?',
    'a b',
    '../..',
    '&people[0][email]=x',
    '%2F',
    'é',
    '👩‍👩‍👧‍👦',
    '__proto__',
    '\'"<>',
    '\n',
  ];

  it.each(ids)('Encharge: %j', async (id) => {
    const { url } = await sent('encharge', (client) => client.load(id));
    const query = new URL(url ?? '', 'http://127.0.0.1').searchParams;
    expect([...query]).toEqual([['people[0][id]', id]]);
  });

  it.each(ids)('Encharge, written: %j', async (id) => {
    const write = (client: CrmClient) => client.writeField(id, '__proto__', id);
    const { body } = await sent('encharge', write, looked(id));
    expect(JSON.parse(body ?? '')).toEqual([
      Object.fromEntries([
        ['id', id],
        ['__proto__', id],
      ]),
    ]);
    expect(Object.keys(JSON.parse(body ?? '')[0])).toEqual(['id', '__proto__']);
  });

  it.each(ids)('and a field and its value too, UserEngage: %j', async (text) => {
    const { url, body } = await sent('userengage', (client) => client.writeField('7', '__proto__', text));
    expect(url).toBe('/api/users/7/set_multiple_attributes/');
    expect(body).toBe(`{"__proto__":${JSON.stringify(text)}}`);
  });

  it.each(ids)('and an address too: %j', async (id) => {
    const { url } = await sent('userengage', (client) => client.loadByEmail(id));
    expect([...new URL(url ?? '', 'http://127.0.0.1').searchParams]).toEqual([['email', id]]);
  });

  it.each([...ids, '', '.', '..', 'search', '0', '-1', '1.5', '1e3', '007', '7 ', '12345678901234567890'])(
    'UserEngage has numbers only: %j is looked for nowhere, and written nowhere',
    async (id) => {
      crm.answer({ body: { id: 7, tags: [] } });
      await expect(crm.client('userengage').writeField(id, 'wp_password', 'x')).rejects.toThrow(
        expect.objectContaining({ code: 'contact_not_found' }),
      );
      await expect(crm.client('userengage').load(id)).rejects.toThrow(
        expect.objectContaining({ code: 'contact_not_found' }),
      );
      expect(crm.received).toEqual([]);
    },
  );
});

describe('Encharge writes UUIDs in any case', () => {
  it('and they are the same person', async () => {
    const id = 'e0000000-0000-4000-8000-00000000000a';
    crm.answer({ body: { users: [{ id: id.toUpperCase(), tags: null }] } });
    expect(await crm.client('encharge').load(id)).toMatchObject({ id });
  });
});
