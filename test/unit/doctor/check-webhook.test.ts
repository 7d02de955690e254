import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Deployment } from '../../../lib/commands/support/deployment.ts';
import { closeServer, listenOnLoopback } from '../../../lib/dev/loopback-server.ts';
import { checkWebhook } from '../../../lib/doctor/check-webhook.ts';

const at = new Date('2026-03-01T12:00:00Z');
const refusal = '{"success":false,"error":{"code":"invalid_access_key","message":"…"},"request_id":"x"}';

let server: Server;
let webhook: string;
let askedWith: unknown;
let reply: { status: number; body: string; headers: Record<string, string> };
beforeAll(async () => {
  server = createServer({ keepAlive: false }, (request, response) => {
    askedWith = request.headers['x-access-key'];
    response.sendDate = false;
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  webhook = `http://127.0.0.1:${await listenOnLoopback(server, 0, 'the webhook')}/`;
});
beforeEach(() => {
  reply = { status: 403, body: refusal, headers: { date: at.toUTCString() } };
});
afterAll(() => closeServer(server));

const deploymentAt = (url: string) => ({ webhook: url, command: (words: string) => words }) as Deployment;
const check = (now = at) => checkWebhook({ deployment: deploymentAt(webhook), now: () => now });

describe('the webhook', () => {
  it('is right when it refuses a wrong key', async () => {
    expect(await check()).toMatchObject([
      { check: 'webhook', status: 'ok' },
      { check: 'clock', status: 'ok' },
    ]);
    // Without one the function would refuse without a look at its secrets.
    expect(askedWith).toEqual(expect.stringMatching(/wrong-key/));
  });

  it('cannot read its secrets', async () => {
    reply = { ...reply, status: 503, body: '{"success":false,"error":{"code":"unavailable"}}' };
    const [first] = await check();
    expect(first).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('answers 503'),
      fix: expect.stringContaining('secret unreadable'),
    });
  });

  it.each([
    ['another status', { status: 500, body: refusal }],
    ['a firewall', { body: '{"message":"Forbidden"}' }],
    ['a page', { body: '<html></html>' }],
    ['nothing', { body: 'null' }],
  ])('is wrong when %s answers', async (_name, change) => {
    Object.assign(reply, change);
    const [first] = await check();
    expect(first).toMatchObject({ status: 'fail', fix: expect.any(String) });
  });

  it('is wrong when nobody answers', async () => {
    const deployment = deploymentAt('http://127.0.0.1:1/');
    expect(await checkWebhook({ deployment, now: () => at })).toEqual([
      {
        check: 'webhook',
        status: 'fail',
        message: 'http://127.0.0.1:1/ does not answer',
        fix: expect.any(String),
      },
    ]);
  });
});

describe('the clock', () => {
  it.each([
    [29, 'ok', 'agrees'],
    [-29, 'ok', 'agrees'],
    [30, 'warn', '30 seconds ahead of'],
    [-299, 'warn', '299 seconds behind'],
    [300, 'fail', '300 seconds ahead of'],
    [-86_400, 'fail', '86400 seconds behind'],
  ])('%i seconds off: %s', async (seconds, status, message) => {
    const [, clock] = await check(new Date(at.getTime() + seconds * 1000));
    expect(clock).toMatchObject({ check: 'clock', status, message: expect.stringContaining(message) });
  });

  it('is not looked at without a date', async () => {
    reply.headers = {};
    expect((await check())[1]).toMatchObject({ check: 'clock', status: 'skip' });
  });
});
