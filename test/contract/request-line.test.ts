import { describe, expect, it } from '@jest/globals';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { newContact } from './contacts.ts';

useTestStack({ config: withoutPasswords });

describe('method', () => {
  it('GET with everything in the URL', async () => {
    const contact_id = newContact(test, crm);
    const answer = await request(test, { query: { wpf_action: 'add', access_key: keyOf(test), contact_id } });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toMatchObject({ method: 'add', result: 'created', contact_id });
  });

  it('POST without a body, with everything in the URL', async () => {
    const contact_id = newContact(test, crm);
    const query = { wpf_action: 'add', access_key: keyOf(test), contact_id };
    const answer = await request(test, { method: 'POST', query });
    expect(answer.body.data).toMatchObject({ result: 'created', contact_id });
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is 405 and changes nothing', async (method) => {
    const contact_id = newContact(test, 'encharge');
    const query = { wpf_action: 'add', access_key: keyOf(test), contact_id };
    const answer = await request(test, { method, query });
    expect(answer.status).toBe(405);
    expect(answer.body.error.code).toBe('method_not_allowed');
    expect(answer.headers.get('allow')).toBe('GET, POST');
    expect(await test.userOf('encharge', contact_id)).toBeUndefined();
  });

  it('HEAD, which has no body to answer with, is 405', async () => {
    expect(await request(test, { method: 'HEAD' })).toMatchObject({ status: 405, body: undefined });
  });
});

describe('path', () => {
  it.each(['/webhook', '/index.php', '/wp-json/', '//', '/%2F'])(
    '%s is 404 and changes nothing',
    async (path) => {
      const contact_id = newContact(test, 'encharge');
      const url = new URL(test.stack.webhook);
      url.search = String(new URLSearchParams({ wpf_action: 'add', access_key: keyOf(test), contact_id }));
      // Joined as text: the URL class reads `//` as the start of a host.
      const response = await fetch(`${url.origin}${path}${url.search}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ success: false, error: { code: 'not_found' } });
      expect(await test.userOf('encharge', contact_id)).toBeUndefined();
    },
  );
});

describe('size', () => {
  const limit = 256 * 1024;
  /** JSON may be padded, so a body can have any size. */
  const padded = (id: string, size: number) => JSON.stringify({ id }).padEnd(size, ' ');
  const types = [
    ['text', { 'content-type': 'application/json' }],
    ['base64', {}],
  ] as const;

  it.each(types)('256 KB are taken, from the gateway as %s', async (_name, headers) => {
    const id = newContact(test, 'encharge');
    const query = { wpf_action: 'add', access_key: keyOf(test) };
    const answer = await request(test, { query, headers, body: padded(id, limit) });
    expect(answer.status).toBe(200);
  });

  it.each(types)('one byte more is 413, from the gateway as %s', async (_name, headers) => {
    const id = newContact(test, 'encharge');
    const query = { wpf_action: 'add', access_key: keyOf(test) };
    const answer = await request(test, { query, headers, body: padded(id, limit + 1) });
    expect(answer.status).toBe(413);
    expect(answer.body.error.code).toBe('payload_too_large');
    expect(await test.userOf('encharge', id)).toBeUndefined();
  });

  it.each(types)(
    'is looked at first, before the key and whatever the URL says, as %s',
    async (_name, headers) => {
      const contact_id = newContact(test, 'encharge');
      for (const access_key of ['x'.repeat(32), keyOf(test)]) {
        const query = { wpf_action: 'add', access_key, contact_id };
        const answer = await request(test, { query, headers, body: padded(contact_id, limit + 1) });
        expect(answer.status).toBe(413);
      }
    },
  );
});
