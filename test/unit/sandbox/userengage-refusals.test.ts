import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { type Call, callerOf, type ExchangeOptions } from './exchange.ts';

let sandbox: Sandbox<'userengage'>;
let call: Call;

beforeAll(async () => {
  sandbox = await startSandbox('userengage', { token: 'fake-userengage-token' });
  call = callerOf(sandbox);
});
afterEach(() => sandbox.people.reset());
afterAll(() => sandbox.stop());

describe('a refused request', () => {
  it.each<[name: string, path: string, options: ExchangeOptions, status: number, body: object]>([
    [
      'no token',
      'users/',
      { headers: { authorization: '' } },
      401,
      { detail: 'Authentication credentials were not provided.' },
    ],
    [
      'wrong token',
      'users/',
      { headers: { authorization: 'Token other' } },
      401,
      { detail: 'Invalid token.' },
    ],
    [
      'token without its scheme',
      'users/',
      { headers: { authorization: 'fake-userengage-token' } },
      401,
      { detail: 'Invalid token.' },
    ],
    ['unknown user', 'users/999/', {}, 404, { detail: 'Not found.' }],
    ['id that is no number', 'users/abc/', {}, 404, { detail: 'Not found.' }],
    [
      'unknown version',
      'users/1/',
      { headers: { accept: '*/*; version=9' } },
      406,
      { detail: 'Invalid version in "Accept" header.' },
    ],
    ['wrong method', 'users/1/', { method: 'PATCH' }, 405, { detail: 'Method "PATCH" not allowed.' }],
    ['missing page', 'users/?page=2', {}, 404, { detail: 'Invalid page.' }],
    ['unknown tag', 'tags/9999/users/', {}, 404, { detail: 'Not found.' }],
    [
      'no content type',
      'users/1/',
      { method: 'PUT', body: '{}' },
      415,
      { detail: 'Unsupported media type "" in request.' },
    ],
    [
      'broken body',
      'users/1/',
      { method: 'PUT', body: '{', headers: { 'content-type': 'application/json' } },
      400,
      { detail: 'JSON parse error' },
    ],
    [
      'body that is no object',
      'users/1/',
      { method: 'PUT', body: [] },
      400,
      { detail: 'Invalid data. Expected a dictionary.' },
    ],
    [
      'value of a wrong type',
      'users/1/',
      { method: 'PUT', body: { unsubscribed: 'maybe' } },
      400,
      { non_field_errors: [expect.any(String)] },
    ],
    [
      'unknown attribute',
      'users/1/set_multiple_attributes/',
      { method: 'POST', body: { wp_pasword: 'x' } },
      400,
      { wp_pasword: ['Attribute does not exist.'] },
    ],
    [
      'attributes of nobody',
      'users/999/set_multiple_attributes/',
      { method: 'POST', body: {} },
      404,
      { detail: 'Not found.' },
    ],
    ['update of nobody', 'users/999/', { method: 'PUT', body: {} }, 404, { detail: 'Not found.' }],
    [
      'tag without a name',
      'users/1/add_tag/',
      { method: 'POST', body: {} },
      400,
      { name: ['This field is required.'] },
    ],
    [
      'tag for nobody',
      'users/999/add_tag/',
      { method: 'POST', body: { name: 'a' } },
      404,
      { detail: 'Not found.' },
    ],
    [
      'removal without a name',
      'users/1/remove_tag/',
      { method: 'POST', body: {} },
      400,
      { name: ['This field is required.'] },
    ],
    [
      'removal from nobody',
      'users/999/remove_tag/',
      { method: 'POST', body: { name: 'a' } },
      404,
      { detail: 'Not found.' },
    ],
    [
      'removal of an unknown tag',
      'users/1/remove_tag/',
      { method: 'POST', body: { name: 'never' } },
      404,
      { detail: 'Not found.' },
    ],
    [
      'body over 1 MB',
      'users/1/',
      { method: 'PUT', body: { city: 'x'.repeat(1024 * 1024) } },
      413,
      { detail: 'Request entity too large.' },
    ],
  ])('%s', async (_, path, options, status, body) => {
    const before = sandbox.people.list();
    const answer = await call(path, options);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual(body);
    expect(sandbox.people.list()).toEqual(before);
  });

  it.each([
    ['GET', 'users/1', '/api/public/users/1/'],
    ['GET', 'users/search?email=a%2Bb%40example.com', '/api/public/users/search/?email=a%2Bb%40example.com'],
    ['PUT', 'users/1', '/api/public/users/1/'],
  ])('%s %s without its last slash redirects', async (method, path, location) => {
    const { status, headers } = await call(path, {
      method,
      ...(method === 'PUT' ? { body: { city: 'X' } } : {}),
    });
    expect([status, headers.location]).toEqual([301, location]);
    expect(sandbox.people.get(1)?.city).toBeNull();
  });

  it.each(['nothing/', 'users/1/2/3/', '../../users/'])('%s does not exist', async (path) => {
    const { status, headers } = await call(path);
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('text/html');
  });
});
