import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import { SiteError } from './site-error.ts';
import type { SiteAnswer, SiteRequest } from './site-request.ts';

export const jsonType = { 'content-type': 'application/json; charset=utf-8' };

/** An answer that is kept nowhere. */
export const jsonAnswer = (body: object, status = 200): SiteAnswer => ({
  status,
  headers: jsonType,
  body: JSON.stringify(body),
});

/**
 * An answer with its ETag, or 304 for whoever has the same one already.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export function taggedAnswer(body: object, { headers }: Pick<SiteRequest, 'headers'>): SiteAnswer {
  const text = JSON.stringify(body);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  const known = (headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  const caching = { etag, 'cache-control': 'private, no-cache' };
  return known.includes(etag)
    ? { status: 304, headers: caching, body: '' }
    : { status: 200, headers: { ...jsonType, ...caching }, body: text };
}

/**
 * A body in JSON as its schema wants it.
 *
 * @throws SiteError `malformed_body`, `invalid_parameter` naming the parameter
 */
export function jsonOf<Schema extends z.ZodMiniType>(
  { text }: Pick<SiteRequest, 'text'>,
  schema: Schema,
): z.output<Schema> {
  const read = schema.safeParse(parsed(text()));
  if (read.success) return read.data;
  const [name] = read.error.issues[0]?.path ?? [];
  if (name === undefined) throw new SiteError('malformed_body', { values: { expected: 'a JSON object' } });
  throw new SiteError('invalid_parameter', { values: { parameter: String(name) } });
}

function parsed(text: string): unknown {
  try {
    // JSON can hold half a surrogate pair; the table cannot.
    return JSON.parse(text, (_key, value: unknown) =>
      typeof value === 'string' ? value.toWellFormed() : value,
    );
  } catch {
    return undefined;
  }
}
