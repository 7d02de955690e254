import { expect, it } from '@jest/globals';
import { withoutPasswords } from '../contract/configs.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { api, ask } from './site.ts';

useTestStack({ config: withoutPasswords, withPoller: false });

const right = { login: 'ada@example.com', password: 'x', ip: '192.0.2.1' };
const { login: _login, ...withoutLogin } = right;
const { ip: _ip, ...withoutIp } = right;

it.each<[name: string, body: unknown, status: number, code: string, says: string]>([
  ['no body', '', 400, 'malformed_body', 'a JSON object'],
  ['no JSON', '{', 400, 'malformed_body', 'a JSON object'],
  ['a list', [], 400, 'malformed_body', 'a JSON object'],
  ['a text', '"x"', 400, 'malformed_body', 'a JSON object'],
  ['null', 'null', 400, 'malformed_body', 'a JSON object'],
  ['a form', 'login=a&password=b', 400, 'malformed_body', 'a JSON object'],
  ['an empty object', {}, 400, 'invalid_parameter', 'login'],
  ['no login', withoutLogin, 400, 'invalid_parameter', 'login'],
  ['an empty login', { ...right, login: '' }, 400, 'invalid_parameter', 'login'],
  ['a number for a login', { ...right, login: 7 }, 400, 'invalid_parameter', 'login'],
  ['a list for a password', { ...right, password: ['x'] }, 400, 'invalid_parameter', 'password'],
  ['no address of the person', withoutIp, 400, 'invalid_parameter', 'ip'],
  ['no address there', { ...right, ip: 'somewhere' }, 400, 'invalid_parameter', 'ip'],
  ['two addresses', { ...right, ip: '192.0.2.1, 192.0.2.2' }, 400, 'invalid_parameter', 'ip'],
  ['a password of 257 bytes', { ...right, password: 'x'.repeat(257) }, 401, 'invalid_login', 'wrong'],
  ['a login that would be no key', { ...right, login: '\ufdfa'.repeat(250) }, 401, 'invalid_login', 'wrong'],
  ['more than 16 KB', { ...right, password: 'x'.repeat(16_385) }, 413, 'payload_too_large', '16 KB'],
])('a login with %s', async (_name, body, status, code, says) => {
  const answer = await api(test, 'login', body);
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  expect(answer.body.error.message).toContain(says);
  expect(answer.body.request_id).toEqual(expect.any(String));
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

it.each<[path: string, status: number, code: string, says: string]>([
  ['users', 400, 'invalid_parameter', 'email or tag'],
  ['users?email=a@example.com&tag=b', 400, 'invalid_parameter', 'email or tag'],
  ['users?email=', 400, 'invalid_parameter', 'email'],
  [`users?email=${'x'.repeat(300)}`, 400, 'invalid_parameter', 'email'],
  [`users?email=${encodeURIComponent('\ufdfa'.repeat(250))}`, 400, 'invalid_parameter', 'email'],
  ['users?tag=%20', 400, 'invalid_parameter', 'tag'],
  [`users?tag=${'x'.repeat(1025)}`, 400, 'invalid_parameter', 'tag'],
  ['users?tag=a&cursor=', 400, 'invalid_parameter', 'cursor'],
  ['users?tag=a&cursor=forged', 400, 'invalid_parameter', 'cursor'],
  [`users?tag=a&cursor=${Buffer.from('0 USER#x').toString('base64url')}`, 400, 'invalid_parameter', 'cursor'],
  [`users?tag=a&cursor=${Buffer.from('7 ').toString('base64url')}`, 400, 'invalid_parameter', 'cursor'],
  ['users/nobody', 404, 'user_not_found', 'no such user'],
  [`users/${'x'.repeat(2100)}`, 404, 'user_not_found', 'no such user'],
  ['users/a/b', 404, 'not_found', 'nothing at this path'],
  ['', 404, 'not_found', 'nothing at this path'],
  ['__proto__', 404, 'not_found', 'nothing at this path'],
])('GET v1/%s', async (path, status, code, says) => {
  const answer = await api(test, path);
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  expect(answer.body.error.message).toContain(says);
});

it.each([
  ['GET', 'v1/login', 'POST'],
  ['PUT', 'v1/login', 'POST'],
  ['POST', 'v1/users', 'GET, HEAD'],
  ['DELETE', 'v1/users/x', 'GET, HEAD'],
  ['OPTIONS', 'v1/users', 'GET, HEAD'],
  ['PUT', 'set-password', 'GET, HEAD, POST'],
  ['DELETE', 'forgot-password', 'GET, HEAD, POST'],
])('%s %s is not allowed', async (method, path, allow) => {
  const headers = { authorization: `Bearer ${test.stack.site.key}` };
  const answer = await ask(test, path, { method, headers });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
});

it.each([
  ['set-password', 'no body', {}, 400],
  ['set-password', 'JSON', { body: '{"user":"x"}', headers: { 'content-type': 'application/json' } }, 400],
  ['forgot-password', 'more than 16 KB', { body: new URLSearchParams({ login: 'x'.repeat(20_000) }) }, 413],
  [
    'forgot-password',
    'letters that are no UTF-8',
    {
      body: Buffer.from([0x6c, 0x3d, 0xff]),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    400,
  ],
] as const)('a form at %s with %s is a page that says so', async (path, _name, init, status) => {
  const answer = await ask(test, path, { method: 'POST', ...init } as RequestInit);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.text).toContain('That did not work');
});

it.each(['constructor', 'toString', '__proto__', 'get'])('%s is no method', async (method) => {
  const answer = await test.stack.handler(
    {
      version: '2.0',
      rawPath: '/set-password',
      rawQueryString: '',
      headers: {},
      requestContext: { requestId: 'r', http: { method, sourceIp: '192.0.2.1' } },
    } as never,
    {} as never,
  );
  expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'GET, HEAD, POST' } });
});

it('a request that AWS fails is to be sent again, and says nothing of it', async () => {
  const { documents } = test.stack.services;
  const { send } = documents;
  const failing = () => Promise.reject(Object.assign(new Error('secret detail'), { $metadata: {} }));
  documents.send = failing as never;
  try {
    const json = await api(test, 'users?email=ada@example.com');
    expect([json.status, json.body.error.code, json.headers.get('retry-after')]).toEqual([
      503,
      'unavailable',
      '5',
    ]);
    const html = await ask(test, 'set-password?user=a&key=b');
    expect(html.status).toBe(503);
    expect(html.text + json.text).not.toContain('secret detail');
  } finally {
    documents.send = send;
  }
});
