import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { readStream } from '../../functions/read-stream.ts';

describe('reading a stream', () => {
  it('resolves to all of its bytes', async () => {
    const parts = ['grün', '', 'x'.repeat(70_000)].map((part) => Buffer.from(part));
    expect(await readStream(Readable.from(parts, { objectMode: false }))).toEqual(Buffer.concat(parts));
  });

  it('resolves to nothing for an empty one', async () => {
    expect(await readStream(Readable.from([]))).toHaveLength(0);
  });

  it('rejects with the error of the stream', async () => {
    const stream = new PassThrough();
    stream.write('half of it');
    setImmediate(() => stream.destroy(new Error('reset')));
    await expect(readStream(stream)).rejects.toThrow('reset');
  });

  it('rejects when the stream is closed before its end', async () => {
    const stream = new PassThrough();
    stream.write('half of it');
    setImmediate(() => stream.destroy());
    await expect(readStream(stream)).rejects.toThrow('before its end');
  });

  it('rejects when the stream was closed already', async () => {
    const stream = new PassThrough();
    stream.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    await expect(readStream(stream)).rejects.toThrow('before its end');
  });

  it('rejects when the stream has just broken, and takes its error', async () => {
    const stream = new PassThrough();
    stream.destroy(new Error('reset'));
    await expect(readStream(stream)).rejects.toThrow('reset');
  });

  it('takes as many bytes as the limit says, and ends a stream that has more', async () => {
    const limit = { bytes: 10, error: () => new Error('too large') };
    expect(await readStream(Readable.from([Buffer.alloc(6), Buffer.alloc(4)]), limit)).toHaveLength(10);

    const long = Readable.from([Buffer.alloc(6), Buffer.alloc(5), Buffer.alloc(6)]);
    await expect(readStream(long, limit)).rejects.toThrow('too large');
    expect(long.destroyed).toBe(true);
  });
});
