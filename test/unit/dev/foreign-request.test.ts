import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { closeServer, listenOnLoopback } from '../../../lib/dev/loopback-server.ts';
import { plainRequest } from '../../support/plain-request.ts';

let server: Server;
let seen: string[];
afterEach(() => closeServer(server));

async function start(publicHost?: string): Promise<string> {
  seen = [];
  server = createServer((request, response) => {
    seen.push(request.url ?? '');
    response.end('seen');
  });
  const reachable = publicHost && { name: publicHost, isReachable: (path: string) => path === '/' };
  await listenOnLoopback(server, 0, 'the test', reachable || undefined);
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const status = async (host: string, headers: Record<string, string | string[]>) =>
  (await plainRequest(`http://${host}/`, headers)).status;

describe('refuseForeignRequests', () => {
  it.each([
    [{ host: 'rebound.example.net@127.0.0.1' }, 421],
    [{ origin: ['http://localhost:1', 'https://www.example.net'] }, 403],
    [{ origin: '' }, 403],
    [{ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 200],
    [{}, 200],
  ])('answers %j with %i', async (headers, expected) => {
    const host = await start();
    expect(await status(host, headers)).toBe(expected);
    expect(seen).toHaveLength(expected === 200 ? 1 : 0);
  });

  it.each([
    ['names no host', () => 'GET / HTTP/1.0\r\n\r\n'],
    ['names an empty one', () => 'GET / HTTP/1.0\r\nhost:\r\n\r\n'],
    ['names two', (own: string) => `GET / HTTP/1.0\r\nhost: ${own}\r\nhost: rebound.example.net\r\n\r\n`],
  ])('refuses a request that %s', async (_what, requestOf) => {
    const host = await start();
    const socket = connect(Number(host.split(':')[1]), '127.0.0.1');
    socket.end(requestOf(host));
    expect(await text(socket)).toContain(' 421 ');
    expect(seen).toEqual([]);
  });

  it('covers listeners that are added later, and those that are put first', async () => {
    const host = await start();
    server.on('request', () => seen.push('added'));
    server.prependListener('request', () => seen.push('put first'));
    await status(host, { host: 'rebound.example.net' });
    expect(seen).toEqual([]);
  });

  it.each([
    [{ host: 'usher.example.com' }, 200],
    [{ host: 'USHER.example.com:443' }, 200],
    [{ host: 'usher.example.com', origin: 'https://usher.example.com' }, 200],
    [{ host: 'usher.example.com.example.net' }, 421],
    [{ host: 'usher.example.com', origin: 'https://www.example.net' }, 403],
  ])('answers a tunnel that sends %j with %i', async (headers, expected) => {
    expect(await status(await start('usher.example.com'), headers)).toBe(expected);
  });
});
