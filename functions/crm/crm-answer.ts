import type { UsherError } from '../errors.ts';
import type { Connector } from './connector.ts';
import {
  ContactNotFound,
  CrmAnswerInvalid,
  CrmAuthError,
  CrmRateLimited,
  CrmUnavailable,
  CrmWriteRefused,
} from './crm-errors.ts';
import { retryAfterSeconds } from './retry-after.ts';
import type { CrmResponse } from './transport.ts';

function isHtml({ headers, body }: CrmResponse): boolean {
  return /^text\/html/i.test(headers['content-type'] ?? '') || /^\s*</.test(body);
}

const isCalledJson = ({ headers }: CrmResponse) => /^application\/json/i.test(headers['content-type'] ?? '');

/** Digits that a number of JavaScript may not be able to hold. */
const manyDigits = /\d{16}/;
const integerLiteral = /^-?\d+$/;

/** An integer that would lose its last digits is kept as text: ids of other services are written like this. */
function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
  const written = context?.source ?? '';
  const isLost = typeof value === 'number' && !Number.isSafeInteger(value) && integerLiteral.test(written);
  return isLost ? written : value;
}

/**
 * The JSON of an answer.
 *
 * @throws CrmAnswerInvalid
 */
export function parsed(response: CrmResponse): unknown {
  try {
    // To look at every value takes several times as long: only where it may be needed.
    return JSON.parse(response.body, manyDigits.test(response.body) ? exact : undefined);
  } catch {
    // The parser's message quotes the body.
    throw new CrmAnswerInvalid(isHtml(response) ? 'it is an HTML page' : 'it is not JSON');
  }
}

/**
 * A page of a proxy is no answer, whatever its status.
 *
 * @throws CrmAnswerInvalid
 */
export function expectNoHtml(response: CrmResponse): void {
  if (isHtml(response)) throw new CrmAnswerInvalid('it is an HTML page');
}

/** What a 429 says of the limit: the vendor's own headers are believed before its documentation. */
function limitOf({ headers }: CrmResponse, { limits }: Connector, now: Date): CrmRateLimited {
  const named = limits?.named?.(headers, now) ?? {};
  const seconds = named.seconds ?? retryAfterSeconds(headers['retry-after'], now);
  return new CrmRateLimited(seconds, named.perSecond ?? limits?.perSecond);
}

/** Turns an answer that is not a success into the error it means. */
export function refusal(
  response: CrmResponse,
  writes: boolean,
  connector: Connector,
  now: Date,
): UsherError | undefined {
  const { status, headers } = response;
  const retryAfter = retryAfterSeconds(headers['retry-after'], now);
  if (status < 300) return undefined;
  // A page of a firewall or a proxy says nothing about the token.
  if ((status === 401 || status === 403) && isHtml(response))
    return new CrmAnswerInvalid('it is an HTML page');
  // A token may be allowed to read only: then it is not the token that everything else has to wait for.
  if (status === 403 && writes) return new CrmWriteRefused();
  if (status === 401 || status === 403) return new CrmAuthError();
  if (status === 429) return limitOf(response, connector, now);
  if (status >= 500 || status === 408 || status === 425)
    return new CrmUnavailable({ retryAfterSeconds: retryAfter });
  // A 404 page in HTML is a proxy's or a wrong base URL's, and says nothing about the contact.
  if (status === 404 && !isHtml(response)) return new ContactNotFound();
  if (writes && status >= 400) return new CrmWriteRefused();
  return new CrmAnswerInvalid(`status ${status}`);
}

/**
 * Looks at the answer to a write, which need not be JSON. After a page of a proxy that says 200, or what is called JSON and is
 * none, who knows what was written?
 *
 * @throws CrmAnswerInvalid
 */
export function parsedIfJson(response: CrmResponse): void {
  if (isHtml(response) || (isCalledJson(response) && response.body !== '')) parsed(response);
}
