import { SiteError } from './site-error.ts';
import type { SiteRequest } from './site-request.ts';

/**
 * The fields of a form as browsers send it.
 *
 * @throws SiteError `malformed_body` for anything else
 */
export function formOf({ headers, text }: Pick<SiteRequest, 'headers' | 'text'>): URLSearchParams {
  const type = headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type.trim())) {
    throw new SiteError('malformed_body', { values: { expected: 'a form' } });
  }
  return new URLSearchParams(text());
}
