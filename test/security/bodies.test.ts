import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { UsherEvent } from '../../functions/create-handler.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { newContact } from '../contract/contacts.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request } from '../support/webhook.ts';

useTestStack({ config: withoutPasswords, withPoller: false });

const limit = 256 * 1024;

/** An event as API Gateway might never make one. */
async function handled(change: {
  query?: string;
  body?: string;
  isBase64Encoded?: boolean;
  headers?: object;
}) {
  const { query = '', headers = {}, ...rest } = change;
  const event = {
    version: '2.0',
    rawPath: '/',
    rawQueryString: query,
    headers,
    isBase64Encoded: false,
    ...rest,
    requestContext: { requestId: 'r1', http: { method: 'POST', path: '/' } },
  };
  const context = createLambdaContext({ timeoutMs: 30_000 });
  const answer = await test.stack.handler(event as unknown as UsherEvent, context);
  const { statusCode, body = '' } = answer as APIGatewayProxyStructuredResultV2;
  return { status: statusCode, body: JSON.parse(body) };
}

describe('a body nested 100,000 levels deep', () => {
  const depth = 100_000;
  const lists = '['.repeat(depth) + ']'.repeat(depth);
  const bodies: [string, string, number][] = [
    ['lists', lists, 400],
    ['objects', ['{"a":'.repeat(40_000), 1, '}'.repeat(40_000)].join(''), 400],
    ['a list as the id', `{"id":${lists}}`, 400],
    ['a list as the user', `{"user":${lists},"endUserData":1}`, 400],
    ['a parameter', `{"wpf_action":"add","role":${lists},"id":"1","user":{"id":1}}`, 400],
    ['never closed', '['.repeat(limit), 400],
    ['never closed objects', '{"user":'.repeat(limit / 8), 400],
  ];

  it.each(bodies)('%s', async (_name, body, status) => {
    const logged = test.log.length;
    const answer = await request(test, { query: { wpf_action: 'add', access_key: keyOf(test) }, body });
    expect([answer.status, answer.body.success]).toEqual([status, false]);
    expect(test.log.slice(logged)).toMatchObject([{ result: 'refused', status }]);
  });

  it('beside a right id hurts nobody', async () => {
    const id = newContact(test, crm);
    const named = `"id":"${id}"`;
    const body = `{${named},"extra":${lists}}`;
    const answer = await request(test, { query: { wpf_action: 'add', access_key: keyOf(test) }, body });
    expect(answer.body.data).toMatchObject({ result: 'created', contact_id: id });
  });
});

describe('very many names', () => {
  const many = (name: (n: number) => string, count: number) =>
    Array.from({ length: count }, (_, n) => name(n)).join('&');

  it.each([
    ['the same one', () => many(() => 'a', limit / 2)],
    ['different ones', () => many((n) => `k${n}=v`, 25_000)],
    ['actions', () => many(() => 'wpf_action=delete', 10_000)],
    ['ids', () => many((n) => `contact_id=${n + 1_000_000}`, 10_000)],
    ['brackets', () => `a${'[b]'.repeat(50_000)}=1`],
    ['percent signs', () => '%'.repeat(limit)],
  ])('in a form and in a query: %s', async (_name, form) => {
    const id = newContact(test, 'encharge');
    const fixed = `wpf_action=add&access_key=${keyOf(test)}&contact_id=${id}`;
    for (const given of [{ query: fixed, body: form().slice(0, limit) }, { query: `${fixed}&${form()}` }]) {
      const { status, body } = await handled(given);
      expect([status, body.data.contact_id]).toEqual([200, id]);
    }
  });

  it('in JSON', async () => {
    const id = newContact(test, 'encharge');
    const names = Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join();
    const { status } = await handled({
      query: `wpf_action=add&access_key=${keyOf(test)}`,
      body: `{${names},"id":"${id}"}`,
    });
    expect(status).toBe(200);
  });
});

describe('what is said of a body does not count', () => {
  const query = () => `wpf_action=add&access_key=${keyOf(test)}&contact_id=1`;
  const large = 'x'.repeat(limit + 1);

  it.each([
    ['a small length', { headers: { 'content-length': '5' }, body: large }, 413],
    ['no length', { headers: { 'transfer-encoding': 'chunked' }, body: large }, 413],
    ['another encoding', { headers: { 'content-encoding': 'gzip' }, body: large }, 413],
    ['a huge length', { headers: { 'content-length': '99999999999' }, body: '{}' }, 202],
    ['a negative length', { headers: { 'content-length': '-1' }, body: '{}' }, 202],
    ['base64 of it', { body: Buffer.from(large).toString('base64'), isBase64Encoded: true }, 413],
    ['base64 that is none', { body: '!'.repeat(2 * limit), isBase64Encoded: true }, 413],
  ])('%s', async (_name, given, status) => {
    expect((await handled({ query: query(), ...given })).status).toBe(status);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('a bomb of %s is not unpacked further than 256 KB', async (encoding, pack) => {
    for (const [size, expected] of [
      [limit + 1, [413, 'payload_too_large']],
      [60 * 1024 * 1024, [413, 'payload_too_large']],
    ] as const) {
      const { status, body } = await handled({
        query: `wpf_action=add&access_key=${keyOf(test)}`,
        headers: { 'content-encoding': encoding },
        body: pack(Buffer.alloc(size, ' ')).toString('base64'),
        isBase64Encoded: true,
      });
      expect([status, body.error.code]).toEqual(expected);
    }
  });

  it('a bomb without a key is a wrong key', async () => {
    const { status } = await handled({
      query: 'wpf_action=add',
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(60 * 1024 * 1024)).toString('base64'),
      isBase64Encoded: true,
    });
    expect(status).toBe(403);
  });

  it('multipart with thousands of parts names its contact', async () => {
    const id = newContact(test, 'encharge');
    const part = (name: string, value: string) =>
      `--a-boundary\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const body = `${part('id', id)}${part('a', '1').repeat(3500)}--a-boundary--\r\n`;
    const answer = await handled({ query: `wpf_action=add&access_key=${keyOf(test)}`, body });
    expect(answer).toMatchObject({ status: 200, body: { data: { contact_id: id } } });
  });
});
