import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withoutPasswords } from '../contract/configs.ts';
import { crms } from '../contract/contacts.ts';
import { anyText } from '../property/texts.ts';
import { createIo } from '../support/io.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { request } from '../support/webhook.ts';
import { type CrmServer, type Reply, startCrmServer } from '../unit/crm/crm-server.ts';
import { type Bystander, startBystander } from './bystander.ts';

const io = createIo({ isPatient: false });
let bystander: Bystander;
let crm: CrmServer;
let test: TestStack;
beforeAll(async () => {
  bystander = await startBystander();
  crm = await startCrmServer();
  test = await startTestStack({ config: withoutPasswords, withPoller: false, adjust: io.adjust });
});
afterAll(async () => {
  expect(bystander.requests).toEqual([]);
  await test.stop();
  await crm.stop();
  await bystander.stop();
});

/** The only things that a contact's id may be turned into. */
const wanted = {
  encharge: (path: string, query: URLSearchParams, id: string) =>
    path === 'people' && [...query].flat().join() === `people[0][id],${id}`,
  userengage: (path: string, query: URLSearchParams, id: string) =>
    path === `users/${id}/` && /^[1-9]\d*$/.test(id) && query.size === 0,
} satisfies Record<TestedCrm, unknown>;

const tricks = () => [
  '..',
  '.',
  '../',
  '../../',
  '../accounts/info',
  '1/../../attributes',
  '%2e%2e%2f',
  '..%2f',
  '1%2f..',
  '..\\',
  '\\\\evil.example.com\\',
  '//evil.example.com',
  `//${bystander.host}/`,
  `http://${bystander.host}/`,
  `@${bystander.host}/`,
  `1@${bystander.host}`,
  '1?email=ada@example.com',
  '1#',
  '1&people[0][email]=ada@example.com',
  '1;x',
  'search',
  'search/?email=ada@example.com',
  '1\r\nHost: evil.example.com',
  '1 HTTP/1.1\r\nX-Injected: 1\r\n\r\nx',
  '1\u0000',
  '1\u2028x',
  '１',
  '०१',
  '1e1',
  '0x10',
  '-1',
  '+1',
  '01',
  '[object Object]',
];

describe.each(crms)('%s: the id of a contact', (name) => {
  const access_key = () => String(test.stack.connections[name]?.accessKey);
  const bodyOf = (id: string) => JSON.stringify(name === 'encharge' ? { id } : { user: { id } });

  it('changes neither host nor path of a request, wherever the webhook has it', async () => {
    const base = new URL(String(test.stack.connections[name]?.crmUrl));
    for (const id of tricks()) {
      io.clear();
      const query = { wpf_action: 'add', access_key: access_key() };
      const answers = [
        await request(test, { query: { ...query, contact_id: id } }),
        await request(test, { query, body: bodyOf(id) }),
        await request(test, { query, body: String(new URLSearchParams({ contact_id: id })) }),
      ];
      for (const { status, body } of answers) {
        expect([id, status, body.data?.reason]).toEqual([id, 202, 'contact_not_found']);
      }
      for (const { url } of io.calls.flatMap(({ service, input }) =>
        service === 'crm' ? [input as { url: URL }] : [],
      )) {
        expect([id, url.origin, url.hash, url.username]).toEqual([id, base.origin, '', '']);
        expect(url.pathname.startsWith(base.pathname)).toBe(true);
        const path = url.pathname.slice(base.pathname.length);
        expect([id, path, wanted[name](path, url.searchParams, id)]).toEqual([id, path, true]);
      }
    }
  });

  it('any text: reading and writing stay where they belong', async () => {
    const writes = {
      encharge: () => 'people',
      userengage: (id: string) => `users/${id}/set_multiple_attributes/`,
    };
    /** Everybody is there who is looked for, until he is written. */
    const everybody: Reply = (response, { method, url }) => {
      const id = new URL(url ?? '', 'http://crm.example.com').searchParams.get('people[0][id]');
      response.writeHead(method === 'GET' ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ users: id ? [{ id, tags: null }] : [] }));
    };
    let written = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyText, fc.constantFrom(...tricks())), async (id) => {
        crm.answer({ status: 404, body: {} });
        await expect(crm.client(name).load(id)).rejects.toMatchObject({ code: 'contact_not_found' });
        const read = [...crm.received];
        crm.answer(everybody);
        await expect(crm.client(name).writeField(id, 'field', 'value')).rejects.toMatchObject({
          code: 'contact_not_found',
        });
        for (const { method, url } of [...read, ...crm.received]) {
          const { pathname, searchParams } = new URL(url ?? '', 'http://crm.example.com');
          const path = pathname.replace('/api/', '');
          if (method === 'GET') expect(wanted[name](path, searchParams, id)).toBe(true);
          else {
            written += 1;
            expect(path).toBe(writes[name](id));
          }
        }
      }),
      { numRuns: 150 },
    );
    if (name === 'encharge') expect(written).toBeGreaterThan(0);
  });
});
