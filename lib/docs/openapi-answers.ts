import { siteErrorTexts } from '../../functions/config/site-texts.ts';
import { renderTemplate } from '../../functions/mail/template.ts';
import { type SiteErrorCode, siteStatuses } from '../../functions/site/site-error.ts';
import { refTo } from './openapi-schemas.ts';

const json = (schema: object, examples: object) => ({ 'application/json': { schema, examples } });

export const exampleUser = {
  id: '6df111be-b7f3-410e-a445-5b6c50895176',
  login: 'ada@example.com',
  email: 'ada@example.com',
  role: 'customer',
  tags: ['customer', 'newsletter'],
  fields: { first_name: 'Ada', last_name: 'Lovelace', orders: 3, vip: true },
  created: '2026-01-31T09:00:00.000Z',
  updated: '2026-02-14T12:30:00.000Z',
  password_set_at: '2026-01-31T09:05:00.000Z',
};

/** @param parameter what `invalid_parameter` names */
function exampleOf(code: SiteErrorCode, parameter: string): object {
  const values = { parameter, expected: 'a JSON object' };
  const message = renderTemplate(siteErrorTexts.parse({})[code], values, 'text');
  return { value: { error: { code, message }, request_id: 'KxTt0hRZFiAEPdQ=' } };
}

const header = (description: string, type = 'string') => ({ description, schema: { type } });

/** Headers that go with a status. */
const headers: Readonly<Record<number, object>> = {
  401: { 'WWW-Authenticate': header('`Bearer`, when it is the site key that is wrong') },
  429: { 'Retry-After': header('Seconds until another try is allowed', 'integer') },
  503: { 'Retry-After': header('Seconds', 'integer') },
};

const meanings: Readonly<Record<number, string>> = {
  400: 'The request is not as it should be. It would fail again.',
  401: 'Nobody is let in.',
  404: 'There is no such user, or no longer.',
  413: 'The body is larger than 16 KB.',
  429: 'Too many tries for this login from this address or network, or for this login at all; or, without `error`, too many requests.',
  500: 'A fault in Usher. The operator has been told.',
  503: 'AWS does not answer as it should. Try again.',
};

/** The answers to errors of an operation, by status. Every one of them may be throttled by API Gateway, fail and be busy. */
export function errorAnswers(codes: readonly SiteErrorCode[], parameter = 'ip'): Record<string, object> {
  const all: SiteErrorCode[] = ['invalid_site_key', ...codes, 'internal_error', 'unavailable'];
  const statuses = [...new Set([...all.map((code) => siteStatuses[code]), 429])].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const here = all.filter((code) => siteStatuses[code] === status);
      const examples = Object.fromEntries(here.map((code) => [code, exampleOf(code, parameter)]));
      const throttled = { throttled: { value: { message: 'Too Many Requests' } } };
      const schema = status === 429 ? { anyOf: [refTo('Error'), refTo('Throttled')] } : refTo('Error');
      const content = json(schema, { ...examples, ...(status === 429 ? throttled : {}) });
      const more = headers[status] === undefined ? {} : { headers: headers[status] };
      return [String(status), { description: meanings[status] ?? '', ...more, content }];
    }),
  );
}

const etag = { ETag: header('Send it as If-None-Match, and 304 says that nothing has changed') };

/** A good answer; one with an ETag has a 304 beside it. */
export function goodAnswer(
  description: string,
  schema: object,
  example: object,
  { isTagged }: { isTagged: boolean },
): Record<string, object> {
  const content = json(schema, { answer: { value: example } });
  if (!isTagged) return { 200: { description, content } };
  return {
    200: { description, headers: etag, content },
    304: { description: 'As `If-None-Match` has it already. No body.', headers: etag },
  };
}
