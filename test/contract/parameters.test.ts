import { describe, expect, it } from '@jest/globals';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { newContact, newEmail, newUser } from './contacts.ts';

useTestStack({ config: withoutPasswords });

describe('wpf_action', () => {
  it.each(['add', 'ADD', 'Add', ' add '])('"%s" is add', async (action) => {
    const answer = await webhook(test, crm, action, newContact(test, crm));
    expect(answer.body.data.method).toBe('add');
  });

  it.each(['update_tags', 'UPDATE_TAGS'])('"%s" is update_tags', async (action) => {
    const { id } = await newUser(test, crm);
    expect((await webhook(test, crm, action, id)).body.data.method).toBe('update_tags');
  });

  it.each(['remove', '__proto__', ''])('"%s" is 400 unknown_action', async (action) => {
    const id = newContact(test, crm);
    const answer = await webhook(test, crm, action, id);
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBe('unknown_action');
    expect(await test.userOf(crm, id)).toBeUndefined();
  });

  it('a missing one is 400 unknown_action', async () => {
    const answer = await request(test, { query: { access_key: keyOf(test), contact_id: '1' } });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'unknown_action']);
  });
});

describe('booleans', () => {
  const words = [
    ...['true', '1', 'yes', 'on', 'TRUE', 'Yes', 'ON', ' true '].map((word) => [word, 'queued'] as const),
    ...['false', '0', 'no', 'off', 'FALSE', 'No', 'OFF', '', ' '].map((word) => [word, 'created'] as const),
  ];
  it.each(words)('async=%j → %s', async (word, result) => {
    const answer = await webhook(test, 'encharge', 'add', newContact(test, 'encharge'), { async: word });
    expect(answer.body.data.result).toBe(result);
  });

  it.each(['async', 'send_notification'])(
    '%s: anything else is 400 invalid_parameter and changes nothing',
    async (name) => {
      for (const value of ['maybe']) {
        const id = newContact(test, 'encharge');
        const answer = await webhook(test, 'encharge', 'add', id, { [name]: value });
        expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_parameter']);
        expect(answer.body.error.message).toContain(name);
        expect(await test.userOf('encharge', id)).toBeUndefined();
      }
    },
  );
});

describe('where parameters stand', () => {
  const asForm = (fields: Record<string, string>) => String(new URLSearchParams(fields));
  const asJson = (fields: Record<string, string>) => JSON.stringify(fields);

  it.each([
    ['form body', asForm],
    ['JSON body', asJson],
  ])('all of them in a %s', async (_name, write) => {
    const contact_id = newContact(test, 'encharge');
    const fields = {
      wpf_action: 'add',
      access_key: keyOf(test),
      contact_id,
      role: 'customer',
      async: 'no',
    };
    const answer = await request(test, { body: write(fields) });
    expect(answer.body.data).toMatchObject({ method: 'add', result: 'created', contact_id });
    expect(await test.userOf('encharge', contact_id)).toMatchObject({ role: 'customer' });
  });

  it.each([
    ['form', asForm],
    ['JSON', asJson],
  ])('the query wins over a %s body, parameter by parameter', async (_name, write) => {
    const [contact_id, other] = [newContact(test, 'encharge'), newContact(test, 'encharge')];
    const query = { wpf_action: 'add', access_key: keyOf(test), contact_id };
    const fields = { wpf_action: 'test', access_key: 'x'.repeat(32), contact_id: other, role: 'customer' };
    const answer = await request(test, { query, body: write(fields) });
    expect(answer.body.data).toMatchObject({ method: 'add', contact_id });
    expect(await test.userOf('encharge', contact_id)).toMatchObject({ role: 'customer' });
    expect(await test.userOf('encharge', other)).toBeUndefined();
  });

  it('nested names of a JSON body are no parameters', async () => {
    const body = JSON.stringify({
      id: newContact(test, 'encharge'),
      extra: { role: 'customer', async: true },
    });
    const query = { wpf_action: 'add', access_key: keyOf(test) };
    const answer = await request(test, { query, body });
    expect(answer.body.data.result).toBe('created');
    expect(await test.userOf('encharge', answer.body.data.contact_id)).toMatchObject({ role: 'subscriber' });
  });
});

describe('limits', () => {
  it('a contact_id of 256 characters is looked up', async () => {
    const id = 'ü'.repeat(256);
    test.encharge.people.put({ id, email: newEmail() });
    const query = { wpf_action: 'add', access_key: keyOf(test), contact_id: id };
    expect((await request(test, { query })).body.data).toMatchObject({ result: 'created', contact_id: id });
  });

  it.each([['email', 'not-an-address']])('%s=%j is 400 invalid_parameter', async (name, value) => {
    const { id } = await newUser(test, 'encharge');
    const answer = await webhook(test, 'encharge', 'update', id, { [name]: value });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_parameter']);
    expect(answer.body.error.message).toContain(name);
    expect(answer.text).not.toContain(value);
  });

  it.each(['contact_id', 'email'])('a JSON object as %s is 400 invalid_parameter', async (name) => {
    const body = JSON.stringify({ id: '1', wpf_action: 'update', [name]: { toString: 'x' } });
    const query = { wpf_action: 'update', access_key: keyOf(test) };
    const answer = await request(test, { query, body });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_parameter']);
  });
});

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
