import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { crm, useCrmServer } from '../unit/crm/crm-server.ts';

useCrmServer();

const megabyte = 1024 * 1024;
const ada = { id: 'c1', email: 'ada@example.com', tags: 'a' };
const right = Buffer.from(JSON.stringify({ users: [ada] }));
/** 50 MB of a right answer that are 50 KB on the line. */
const bomb = Buffer.concat([right, Buffer.alloc(50 * megabyte, 0x20)]);
const load = () =>
  crm
    .client('encharge')
    .load('c1')
    .catch((error: unknown) => error);
const invalid = { code: 'crm_answer_invalid', retryable: true };

describe('a compressed answer, which was not asked for, is not unpacked', () => {
  it.each<[name: string, encoding: string, pack: (data: Buffer) => Buffer]>([
    ['gzip', 'gzip', gzipSync],
    ['x-gzip', 'x-gzip', gzipSync],
    ['deflate', 'deflate', deflateSync],
    ['br', 'br', brotliCompressSync],
    ['gzip twice', 'gzip, gzip', (data) => gzipSync(gzipSync(data))],
    ['gzip that is not announced', 'identity', gzipSync],
  ])('%s', async (_name, encoding, pack) => {
    for (const data of [right, bomb]) {
      crm.answer({ body: pack(data), headers: { 'content-encoding': encoding } });
      expect(await load()).toMatchObject({ ...invalid, message: expect.stringMatching(/not (JSON|UTF-8)/) });
      expect(crm.received).toMatchObject([{ headers: { 'accept-encoding': 'identity' } }]);
    }
  });
});

describe('an answer nested 100,000 levels deep', () => {
  const depth = 100_000;
  const lists = '['.repeat(depth) + ']'.repeat(depth);
  const objects = ['{"a":'.repeat(depth), 1, '}'.repeat(depth)].join('');

  it.each([
    ['lists', lists],
    ['objects', objects],
    ['people', `{"users":${lists}}`],
    ['tags', `{"users":[{"id":"c1","tags":${lists}}]}`],
    ['an id', `{"users":[{"id":${objects},"tags":""}]}`],
    ['never closed', '['.repeat(2 * megabyte)],
  ])('%s: is no answer', async (_name, body) => {
    crm.answer({ body });
    expect(await load()).toMatchObject(invalid);
  });

  it.each([
    ['lists', lists],
    ['objects', objects],
  ])('%s in a field: the rest is read', async (_name, value) => {
    crm.answer({ body: `{"users":[{"id":"c1","tags":"a","firstName":${value}}]}` });
    expect(await load()).toMatchObject({ id: 'c1', tags: ['a'] });
  });
});

describe('an answer of many wrong things', () => {
  it.each([
    ['people', `{"users":[${'1,'.repeat(2_400_000)}1]}`],
    ['tags', `{"users":[{"id":"c1","tags":[${'1,'.repeat(2_400_000)}1]}]}`],
    ['keys', `{${Array.from({ length: 200_000 }, (_, n) => `"k${n}":1`).join()}}`],
  ])('is refused like one: %s', async (_name, body) => {
    crm.answer({ body });
    expect(await load()).toMatchObject(invalid);
    crm.answer({ body: body.replace('{"users":', '').replace(/\}$/, '') });
    await expect(crm.client('userengage', { timeoutMs: 60_000 }).load('7')).rejects.toMatchObject(invalid);
  });
});

describe('an answer that does not end', () => {
  it.each<[name: string, drip: (response: ServerResponse) => void]>([
    ['byte by byte', (response) => void response.write(' ')],
    ['early hints', (response) => response.writeEarlyHints({ link: '</x>; rel=preload' })],
  ])('%s: the call ends when its time is over, and the connection too', async (_name, drip) => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    crm.answer((response) => {
      const timer = setInterval(() => drip(response), 5);
      response.on('close', () => {
        clearInterval(timer);
        close();
      });
    });
    const call = crm.client('encharge', { timeoutMs: 150 }).load('c1');
    await expect(call).rejects.toMatchObject({ code: 'crm_unavailable', retryable: true });
    await closed;
    expect(crm.received).toHaveLength(1);
  });

  it('headers without end are cut off', async () => {
    crm.answer((response) => {
      const { socket } = response;
      socket?.write('HTTP/1.1 200 OK\r\n');
      const more = () => {
        while (socket && !socket.destroyed && socket.write(`x-${'a'.repeat(1000)}: ${'b'.repeat(1000)}\r\n`));
        if (socket && !socket.destroyed) socket.once('drain', more);
      };
      socket?.on('error', () => undefined);
      more();
    });
    expect(await load()).toMatchObject({ code: 'crm_unavailable' });
  });
});
