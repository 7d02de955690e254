import { promisify } from 'node:util';
import { UsherError } from '../errors.ts';
import { largestBody, tooLarge } from './body.ts';

type Unpack = (bytes: Buffer) => Promise<Buffer>;

/** Most senders compress nothing: the module is loaded for those who do. */
async function unpacker(encoding: string, bytes: Buffer): Promise<Unpack | undefined> {
  const zlib = await import('node:zlib');
  const options = { maxOutputLength: largestBody };
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return (packed) => promisify(zlib.gunzip)(packed, options);
    case 'deflate': {
      // Some send it without the wrapping that the name stands for: https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2
      const isWrapped = bytes.length > 1 && bytes.readUInt16BE(0) % 31 === 0 && ((bytes[0] ?? 0) & 15) === 8;
      return (packed) => promisify(isWrapped ? zlib.inflate : zlib.inflateRaw)(packed, options);
    }
    case 'br':
      return (packed) => promisify(zlib.brotliDecompress)(packed, options);
    default:
      return undefined;
  }
}

/** @throws UsherError `malformed_body`, `payload_too_large` */
async function unpackOne(encoding: string, bytes: Buffer): Promise<Buffer> {
  const unpack = await unpacker(encoding, bytes);
  if (!unpack) {
    throw new UsherError(
      'malformed_body',
      'The content-encoding of the body is none of gzip, deflate and br.',
    );
  }
  try {
    return await unpack(bytes);
  } catch (error) {
    if (Error.isError(error) && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new UsherError('malformed_body', `The body is said to be compressed (${encoding}) and is not.`);
  }
}

/** Nobody compresses more than once on purpose. */
const mostEncodings = 3;

/**
 * A body as it was before it was compressed. No more than 256 KB are ever made of it.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 *
 * @param header `content-encoding`, which lists what was done, in the order in which it was done
 * @throws UsherError `malformed_body`, `payload_too_large`
 */
export async function unpacked(bytes: Buffer, header = ''): Promise<Buffer> {
  if (bytes.length === 0) return bytes;
  const encodings = header
    .split(',')
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => encoding !== '' && encoding !== 'identity');
  if (encodings.length > mostEncodings) {
    throw new UsherError('malformed_body', 'The body is compressed more than three times.');
  }
  let plain = bytes;
  for (const encoding of encodings.reverse()) plain = await unpackOne(encoding, plain);
  return plain;
}
