import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { enchargeSeedId } from '../../../lib/sandbox/encharge-person.ts';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { at, type Call, callerOf, type ExchangeOptions, exchange } from './exchange.ts';

const [ada, newId] = [enchargeSeedId(1), 'a0000000-0000-4000-8000-000000000000'];
let sandbox: Sandbox<'encharge'>;
let call: Call;

beforeAll(async () => {
  sandbox = await startSandbox('encharge', { token: 'fake-encharge-token' });
  call = callerOf(sandbox);
});
afterEach(() => sandbox.people.reset());
afterAll(() => sandbox.stop());

describe('a refused request', () => {
  it.each<[name: string, path: string, options: ExchangeOptions, status: number]>([
    ['no token', '/accounts/info', { headers: { 'x-encharge-token': '' } }, 401],
    ['wrong token', '/people?people[0][id]=x', { headers: { 'x-encharge-token': 'other' } }, 401],
    ['nobody named', '/people', {}, 400],
    [
      'more than 20 named',
      `/people?${Array.from({ length: 21 }, (_, n) => `people[${n}][id]=x`).join('&')}`,
      {},
      400,
    ],
    ['no number', '/people/all?limit=many', {}, 400],
    [
      'body that is no JSON',
      '/people',
      { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
      400,
    ],
    ['body without a content type', '/people', { method: 'POST', body: '{"email":"new@example.com"}' }, 400],
    ['person of a wrong type', '/people', { method: 'POST', body: [{ email: 7 }] }, 400],
    ['array of no people', '/people', { method: 'POST', body: ['ada@example.com'] }, 400],
    ['tag missing', '/tags', { method: 'POST', body: { id: ada } }, 400],
    ['tag for nobody', '/tags', { method: 'POST', body: { id: newId, tag: 'a' } }, 404],
    ['body over 1 MB', '/people', { method: 'POST', body: [{ bio: 'x'.repeat(1024 * 1024) }] }, 413],
  ])('%s', async (_, path, options, expected) => {
    const { status, json } = await call(path, options);
    expect(status).toBe(expected);
    expect(json).toEqual({
      error: expect.objectContaining({
        message: expect.any(String),
        markdown: expect.any(String),
        traceId: expect.any(String),
      }),
    });
    expect(sandbox.people.list()).toHaveLength(25);
  });

  it('of a wrong token carries the code that is known', async () => {
    const { json } = await call('/fields', { headers: { 'x-encharge-token': 'other' } });
    expect(at(json, 'error', 'errorCode')).toBe(10082);
  });

  it.each([
    ['GET', '/v1/persons'],
    ['PUT', '/v1/people'],
    ['GET', '/people'],
    ['GET', '/v1<script>'],
  ])('of an unknown path is HTML: %s %s', async (method, path) => {
    const { status, headers, text } = await exchange(new URL(path, sandbox.url).href, { method });
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('text/html');
    expect(text).not.toContain('<script>');
  });

  it('takes the token from the query, too', async () => {
    const { status } = await exchange(`${sandbox.url}/fields?token=${sandbox.token}`);
    expect(status).toBe(200);
  });
});
