import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { unpacked } from '../../../functions/webhook/content-encoding.ts';

const text = Buffer.from('{"id":"1"}');
const limit = 256 * 1024;

describe('a body is unpacked', () => {
  it.each<[header: string | undefined, bytes: Buffer]>([
    [undefined, text],
    ['', text],
    ['identity', text],
    ['gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    [' deflate ,identity,, gzip ', gzipSync(deflateSync(text))],
  ])('content-encoding %j', async (header, bytes) => {
    expect((await unpacked(bytes, header)).toString()).toBe(text.toString());
  });

  it('that is empty, whatever is said of it', async () => {
    expect(await unpacked(Buffer.alloc(0), 'gzip')).toEqual(Buffer.alloc(0));
  });

  it('up to 256 KB', async () => {
    for (const [header, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const) {
      expect(await unpacked(pack(Buffer.alloc(limit, 'x')), header)).toHaveLength(limit);
      await expect(unpacked(pack(Buffer.alloc(limit + 1, 'x')), header)).rejects.toMatchObject({
        code: 'payload_too_large',
      });
    }
  });

  it('and not a byte more of a bomb', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(50 * 1024 * 1024)));
    await expect(unpacked(bomb, 'gzip, gzip')).rejects.toMatchObject({ code: 'payload_too_large' });
  });
});

describe('a body is malformed', () => {
  it.each<[name: string, header: string, bytes: Buffer, says: RegExp]>([
    ['of an unknown encoding', 'zstd', text, /none of gzip, deflate and br/],
    ['of an inherited name', 'constructor', text, /none of gzip, deflate and br/],
    ['not compressed', 'gzip', text, /said to be compressed \(gzip\) and is not/],
    ['not compressed', 'deflate', text, /said to be compressed \(deflate\)/],
    ['compressed otherwise', 'br', gzipSync(text), /said to be compressed \(br\)/],
    ['cut', 'gzip', gzipSync(text).subarray(0, -4), /said to be compressed \(gzip\)/],
    ['damaged by letters', 'gzip', Buffer.from(gzipSync(text).toString('utf8')), /gzip/],
    ['compressed again and again', 'gzip,gzip,gzip,gzip', text, /more than three times/],
  ])('%s: %s', async (_name, header, bytes, says) => {
    await expect(unpacked(bytes, header)).rejects.toMatchObject({
      code: 'malformed_body',
      message: expect.stringMatching(says),
      cause: undefined,
    });
  });
});
