import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cli, useCliStack } from '../support/cli-stack.ts';
import { type FollowingUsher, followUsher } from '../support/usher-process.ts';

useCliStack({ withPoller: false });

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

let running: FollowingUsher;
let origin: string;
let token: string;
let cookie: string;

/** A request with headers as nobody's library sends them. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = method === 'GET' ? '' : '{}';
    const all = { ...headers, 'content-length': String(body.length) };
    const sent = request(new URL(path, origin), { method, headers: all }, (response) => {
      const { statusCode: status = 0, headers: received } = response;
      void text(response).then((answer) => resolve({ status, headers: received, body: answer }), reject);
    });
    sent.on('error', reject).end(body);
  });
}

beforeAll(async () => {
  running = followUsher(['console', '--stage', 'test', '--json', '--write'], cli.folder, cli.stage.env);
  const address = new URL((JSON.parse(await running.line('console')) as { console: string }).console);
  origin = address.origin;
  token = String(address.searchParams.get('token'));
  const answer = await ask(`/?token=${token}`);
  expect([answer.status, answer.headers['location']]).toEqual([303, '/']);
  [cookie = ''] = String(answer.headers['set-cookie']).split(';');
  expect(String(answer.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict$/);
  expect(cookie).toMatch(new RegExp(`^usher-console-${address.port}=`));
});
afterAll(async () => {
  running.kill('SIGTERM');
  expect(await running.ended).toBe(0);
});

const paths = ['/', '/page.js', '/api/about', '/api/lines', '/api/users/some/export', '/mail-frame/some'];

describe('the console refuses', () => {
  it.each(paths)('%s without a session, and the token a second time', async (path) => {
    expect((await ask(path)).status).toBe(401);
    const again = await ask(`${path}?token=${token}`);
    expect([again.status, again.headers['set-cookie']]).toEqual([401, undefined]);
    expect((await ask(path, { cookie: cookie.replace(/=.*/, '=wrong') })).status).toBe(401);
  });

  it.each(paths)('%s to another name for this machine', async (path) => {
    for (const host of ['evil.example', `evil.example:${new URL(origin).port}`, '127.0.0.1'])
      expect((await ask(path, { cookie, host })).status).toBe(421);
  });

  it.each(paths)('%s to the page of another origin, reading or posting', async (path) => {
    for (const foreign of ['http://evil.example', 'null', 'http://127.0.0.1:1'])
      for (const method of ['GET', 'POST'])
        expect(
          (await ask(path, { cookie, origin: foreign, 'x-usher-console': 'write' }, method)).status,
        ).toBe(403);
    const embedded = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'script',
    };
    expect((await ask(path, { cookie, ...embedded })).status).toBe(403);
  });

  it.each(['/api/ask/user', '/api/ask/setup/encharge/key', '/api/ask/sandbox/encharge/field'])(
    'to answer %s without a session, and to the page of another origin with one',
    async (path) => {
      const { status, body } = await ask(path, { 'x-usher-console': 'write' }, 'POST');
      expect([status, body]).toEqual([401, expect.stringContaining('locked')]);
      expect((await ask(path, { cookie, origin: 'http://evil.example' }, 'POST')).status).toBe(403);
    },
  );

  it.each([
    ['POST', '/api/replays'],
    ['POST', '/api/dead'],
    ['POST', '/api/dead/drop'],
    ['POST', '/api/slowed/encharge'],
    ['DELETE', '/api/users/some'],
    ['POST', '/api/sandbox/encharge/fire'],
    ['DELETE', '/api/sandbox/encharge/control/people/1'],
  ])('%s %s without its own header', async (method, path) => {
    const { status, body } = await ask(path, { cookie }, method);
    expect([status, body]).toEqual([403, expect.stringContaining("console's own page")]);
  });
});

describe('the console lets nothing out', () => {
  it.each(paths)('%s: not stored, not framed, nothing from elsewhere', async (path) => {
    const { headers } = await ask(path, { cookie });
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['referrer-policy']).toBe('no-referrer');
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe|unsafe-eval/);
  });

  it('the frame of a mail runs nothing and fetches nothing', async () => {
    const { headers } = await ask('/mail-frame/some', { cookie });
    expect(headers['content-security-policy']).toMatch(/; sandbox$/);
    expect(headers['content-security-policy']).toContain('img-src data:');
  });

  it('no answer of the setup holds a key or a token until it is asked for', async () => {
    const secrets = Object.values(cli.test.stack.connections).flatMap(({ accessKey, credentials }) => [
      accessKey,
      ...Object.values(credentials),
    ]);
    const answers = [
      '/api/about',
      '/api/setup/encharge?keyIn=header',
      '/api/setup/encharge/fields',
      '/api/doctor',
    ];
    for (const path of answers) {
      const { status, body } = await ask(path, { cookie });
      expect([path, status]).toEqual([path, 200]);
      for (const secret of secrets) expect(body).not.toContain(secret);
    }
  });

  it('a sandbox of a stage there is none, and nothing else by its path', async () => {
    const { status, body } = await ask('/api/sandbox/encharge/control/people', { cookie });
    expect([status, body]).toEqual([503, expect.stringContaining('only connections of the local stack')]);
    expect((await ask('/api/nothing', { cookie })).status).toBe(404);
  });
});
