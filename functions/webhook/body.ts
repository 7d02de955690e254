import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { UsherError } from '../errors.ts';

/** 256 KB, as much as SQS takes too. */
const largestBody = 256 * 1024;

/** What a body says: form fields, or a JSON value. */
export type Payload =
  | { kind: 'none' }
  | { kind: 'form'; fields: URLSearchParams }
  | { kind: 'json'; value: unknown };

/**
 * The text of a request's body.
 *
 * @throws UsherError `payload_too_large`, before anything is decoded that is too large
 */
export function bodyText({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string {
  const size = isBase64Encoded ? Math.floor((body.length * 3) / 4) - 2 : Buffer.byteLength(body);
  if (size > largestBody) throw new UsherError('payload_too_large', 'The body is larger than 256 KB.');
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  if (Buffer.byteLength(text) > largestBody) {
    throw new UsherError('payload_too_large', 'The body is larger than 256 KB.');
  }
  return text;
}

/**
 * Reads a body by its first character: CRMs leave the content type out, or get it wrong.
 *
 * @throws UsherError `malformed_body`
 */
export function readPayload(text: string): Payload {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return { kind: 'none' };
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) {
    return { kind: 'form', fields: new URLSearchParams(trimmed) };
  }
  try {
    return { kind: 'json', value: JSON.parse(trimmed) };
  } catch {
    // The parser's message quotes the body.
    throw new UsherError('malformed_body', 'The body looks like JSON and is not.');
  }
}
