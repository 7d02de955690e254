import { beforeAll, describe, expect, it } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { hashPassword } from '../../functions/users/password.ts';
import type { User } from '../../functions/users/user.ts';
import { siteSchemas } from '../../lib/docs/site-schemas.ts';
import { newUser } from '../integration/store.ts';
import { noteSecret } from '../support/leaks.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { countingRandom } from '../unit/counting-random.ts';

useTestStack({ withPoller: false });

const password = 'made-up-words-in-a-row';
let user: User;
beforeAll(async () => {
  noteSecret(test.stack.site.key);
  user = await createUser(
    test.users,
    newUser({
      tags: ['vip'],
      fields: { first_name: 'Ada', score: 1.5, vip: true, interests: ['maths'] },
      passwordHash: await hashPassword(password, countingRandom()),
      passwordSetAt: '2026-03-01T12:00:00.000Z',
    }),
  );
});

async function ask(path: string, { body, key = test.stack.site.key }: { body?: unknown; key?: string } = {}) {
  const given = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(new URL(path, test.stack.webhook), {
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { method: 'POST', body: given }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

const loginOf = (change: object = {}) => ({ login: user.email, password, ip: '192.0.2.1', ...change });

describe('answers are what docs/openapi.json says', () => {
  it.each<[string, keyof typeof siteSchemas, () => ReturnType<typeof ask>]>([
    ['who logs in', 'OneUser', () => ask('/v1/login', { body: loginOf() })],
    ['one user', 'OneUser', () => ask(`/v1/users/${user.id}`)],
    ['a user by address', 'Users', () => ask(`/v1/users?email=${user.email}`)],
    ['users by tag', 'Users', () => ask('/v1/users?tag=vip')],
  ])('%s', async (_name, schema, asked) => {
    const { status, body } = await asked();
    expect(status).toBe(200);
    // What a schema does not know of it takes away.
    expect(siteSchemas[schema].parse(body)).toEqual(body);
  });

  it.each<[string, number, () => ReturnType<typeof ask>]>([
    ['invalid_parameter', 400, () => ask('/v1/users')],
    ['malformed_body', 400, () => ask('/v1/login', { body: 'no JSON' })],
    ['invalid_login', 401, () => ask('/v1/login', { body: loginOf({ password: 'another' }) })],
    ['invalid_site_key', 401, () => ask('/v1/users?tag=vip', { key: 'wrong' })],
    ['not_found', 404, () => ask('/v1/nothing')],
    ['user_not_found', 404, () => ask('/v1/users/nobody')],
    ['method_not_allowed', 405, () => ask('/v1/login')],
    ['payload_too_large', 413, () => ask('/v1/login', { body: loginOf({ more: 'x'.repeat(20_000) }) })],
  ])('%s', async (code, status, asked) => {
    const answer = await asked();
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(siteSchemas.Error.parse(answer.body)).toEqual(answer.body);
  });

  it('too_many_tries', async () => {
    const wrong = { body: loginOf({ login: 'nobody@example.com', password: 'wrong' }) };
    for (let tries = 0; tries < 10; tries += 1) await ask('/v1/login', wrong);
    const answer = await ask('/v1/login', wrong);
    expect(answer).toMatchObject({ status: 429, body: { error: { code: 'too_many_tries' } } });
    expect(siteSchemas.Error.parse(answer.body)).toEqual(answer.body);
  });
});
