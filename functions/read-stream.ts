import type { Readable } from 'node:stream';

/**
 * Reads a stream to its end. By its events: to pipe it somewhere, as the SDK does, costs each request some fifty microseconds
 * of CPU time more, and a webhook reads four answers.
 *
 * @param limit how many bytes it may have, and the error for one that has more
 * @throws the stream's error, or one when it is closed before its end
 */
export function readStream(
  stream: Readable,
  limit?: { bytes: number; error: () => Error },
): Promise<Buffer<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const closed = () => {
      if (!stream.readableEnded) reject(stream.errored ?? new Error('The stream was closed before its end.'));
    };
    stream
      .on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (limit && size > limit.bytes) stream.destroy(limit.error());
        else chunks.push(chunk);
      })
      .once('end', () => resolve(Buffer.concat(chunks)))
      .once('error', reject)
      .once('close', closed);
    // It may have no more events to come.
    if (stream.destroyed) closed();
  });
}
