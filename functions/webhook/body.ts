import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { UsherError } from '../errors.ts';

/** 256 KB, as much as SQS takes too. */
export const largestBody = 256 * 1024;

/** What a body says: form fields, or a JSON value. */
export type Payload =
  | { kind: 'none' }
  | { kind: 'form'; fields: URLSearchParams }
  | { kind: 'json'; value: unknown };

export const tooLarge = () => new UsherError('payload_too_large', 'The body is larger than 256 KB.');

/**
 * The bytes of a request's body, as they came.
 *
 * @throws UsherError `payload_too_large`, before anything is decoded that is too large
 */
export function bodyBytes({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): Buffer {
  const size = isBase64Encoded ? Math.floor((body.length * 3) / 4) - 2 : Buffer.byteLength(body);
  if (size > largestBody) throw tooLarge();
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > largestBody) throw tooLarge();
  return bytes;
}

/**
 * What a body is that is no text in UTF-8; undefined for one that may be. No JSON and no form holds a NUL, and UTF-16 has
 * one beside each of its brackets.
 */
function otherThanText(bytes: Buffer): string | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'compressed, without a header content-encoding';
  const hasOtherMark = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return hasOtherMark || bytes.includes(0) ? 'in UTF-16, or no text' : undefined;
}

/**
 * The text of a body. Letters that are no UTF-8 are replaced: of a body only an id counts, and ids are ASCII.
 *
 * @throws UsherError `payload_too_large` when replacing has made it so, `malformed_body` for what is no text
 */
export function bodyText(bytes: Buffer): string {
  const other = otherThanText(bytes);
  if (other) throw new UsherError('malformed_body', `The body is ${other}. Send it as UTF-8.`);
  const text = bytes.toString('utf8');
  if (Buffer.byteLength(text) > largestBody) throw tooLarge();
  return text;
}

const looksLikeJson = (text: string) => /^\s*[{[]/.test(text);

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body.
    throw new UsherError('malformed_body', `${what} looks like JSON and is not.`);
  }
}

/** The JSON in a JSON text, as it comes from what writes JSON twice; undefined when there is none. */
function quotedJson(text: string): string | undefined {
  if (!text.startsWith('"')) return undefined;
  try {
    const inner: unknown = JSON.parse(text);
    return typeof inner === 'string' && looksLikeJson(inner) ? inner : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a form. One whose only field is `payload` is a wrapping of JSON.
 *
 * @throws UsherError `malformed_body`
 */
export function readForm(fields: URLSearchParams): Payload {
  const [[name, value] = ['', ''], ...others] = fields;
  return name === 'payload' && others.length === 0 && looksLikeJson(value)
    ? { kind: 'json', value: parsed(value, 'The field payload') }
    : { kind: 'form', fields };
}

/**
 * Reads a body by its first character: CRMs leave the content type out, or get it wrong.
 *
 * @throws UsherError `malformed_body`
 */
export function readPayload(text: string): Payload {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return { kind: 'none' };
  if (looksLikeJson(trimmed)) return { kind: 'json', value: parsed(trimmed, 'The body') };
  const inner = quotedJson(trimmed);
  if (inner !== undefined) return { kind: 'json', value: parsed(inner, 'The text in the body') };
  return readForm(withoutEntities(new URLSearchParams(trimmed)));
}

/**
 * Parameters by their names without `amp;`: a URL or form that was copied out of HTML has `&amp;role=` where `&role=` was
 * meant.
 */
export function withoutEntities(parameters: URLSearchParams): URLSearchParams {
  const plain = [...parameters].map(([name, value]): [string, string] => [
    name.replace(/^(amp;)+/, ''),
    value,
  ]);
  return new URLSearchParams(plain);
}
