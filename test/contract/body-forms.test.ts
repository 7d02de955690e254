import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, type WebhookOptions } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { existingUser, newContact } from './contacts.ts';

useTestStack({ config: withoutPasswords });

const add = (options: WebhookOptions) =>
  request(test, { method: 'POST', query: { wpf_action: 'add', access_key: keyOf(test) }, ...options });
const formName = 'id';

async function multipart(fields: Record<string, string>): Promise<WebhookOptions> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const response = new Response(form);
  const headers = { 'content-type': String(response.headers.get('content-type')) };
  return { headers, body: new Uint8Array(await response.arrayBuffer()) };
}

it('may be multipart/form-data, with its id', async () => {
  const id = newContact(test, crm);
  const { body } = await add(await multipart({ [formName]: id, role: 'customer' }));
  expect(body.data).toMatchObject({ result: 'created', contact_id: id });
  expect(await existingUser(test, crm, id)).toMatchObject({ role: 'subscriber' });
});

it('may be multipart/form-data, with everything', async () => {
  const contact_id = newContact(test, crm);
  const fields = { wpf_action: 'add', access_key: keyOf(test), contact_id, role: 'customer' };
  const { body } = await request(test, { method: 'POST', ...(await multipart(fields)) });
  expect(body.data).toMatchObject({ result: 'created', contact_id });
  expect(await existingUser(test, crm, contact_id)).toMatchObject({ role: 'customer' });
});

it.each([['gzip', 'gzip', gzipSync]] as const)('may be compressed: %s', async (_name, encoding, pack) => {
  for (const type of ['application/json', 'application/octet-stream']) {
    const id = newContact(test, crm);
    const headers = { 'content-encoding': encoding, 'content-type': type };
    const { body } = await add({ headers, body: pack(JSON.stringify({ id })) });
    expect(body.data).toMatchObject({ result: 'created', contact_id: id });
  }
});

it.each([
  ['JSON in a JSON text', (json: string) => JSON.stringify(json)],
  ['JSON in a field called payload', (json: string) => `payload=${encodeURIComponent(json)}`],
])('may be %s', async (_name, wrap) => {
  const id = newContact(test, crm);
  const { body } = await add({ body: wrap(JSON.stringify({ id })) });
  expect(body.data).toMatchObject({ result: 'created', contact_id: id });
});

it.each<[name: string, options: (json: string) => WebhookOptions, says: RegExp]>([
  ['in UTF-16', (json) => ({ body: Buffer.from(`\uFEFF${json}`, 'utf16le') }), /UTF-16/],
  ['cut', (json) => ({ body: json.slice(0, -1) }), /looks like JSON/],
  [
    'not multipart as it says',
    (json) => ({ headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: `x${json}` }),
    /multipart/,
  ],
])('that is %s is 400, and the answer says so', async (_name, options, says) => {
  const id = newContact(test, crm);
  const { status, body } = await add(options(JSON.stringify({ id })));
  expect([status, body.error.code]).toEqual([400, 'malformed_body']);
  expect(body.error.message).toMatch(says);
  expect(await test.userOf(crm, id)).toBeUndefined();
});
