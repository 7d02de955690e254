import type { UsherError } from '../errors.ts';
import type { CrmApi, Limits } from './connector.ts';
import type { CrmRequest } from './conversation.ts';
import {
  ContactNotFound,
  CrmAnswerInvalid,
  CrmAuthError,
  CrmRateLimited,
  CrmUnavailable,
  CrmWriteRefused,
} from './crm-errors.ts';
import { orInvalid } from './or-invalid.ts';
import { believedSeconds, retryAfterSeconds } from './retry-after.ts';
import type { CrmResponse } from './transport.ts';

/** XML begins as a page does: what is asked for as text is one only if it says so. */
function isHtml({ headers, body }: CrmResponse, { answer }: Pick<CrmRequest, 'answer'>): boolean {
  const isCalledHtml = /^text\/html/i.test(headers['content-type'] ?? '');
  return isCalledHtml || (answer !== 'text' && /^\s*</.test(body));
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

function parsed(response: CrmResponse, request: CrmRequest): unknown {
  try {
    // To look at every value takes several times as long: only where it may be needed.
    return JSON.parse(response.body, manyDigits.test(response.body) ? exact : undefined);
  } catch {
    // The parser's message quotes the body.
    throw new CrmAnswerInvalid(isHtml(response, request) ? 'it is an HTML page' : 'it is not JSON');
  }
}

/** A request on its way. One that is about the account cannot find that a contact is missing, and one for a token refuses it by 400. */
export type SentRequest = CrmRequest & { isAboutAccount?: boolean; isSignIn?: boolean };

/** Whether a request changes nothing. */
export const isRead = ({ method, reads = false }: CrmRequest): boolean => method === 'GET' || reads;

/** What has to be known to read an answer. */
interface Reading {
  api: Pick<CrmApi, 'meaning'>;
  limits: Limits | undefined;
  now: Date;
}

/** No vendor allows more calls a second: whatever says so is no rate. */
const mostPerSecond = 1000;

/** What a 429 says of the limit: the vendor's own headers are believed before its documentation, as far as they make sense. */
function limitOf({ headers }: CrmResponse, { limits, now }: Reading, said?: number): CrmRateLimited {
  const { seconds, perSecond = 0 } = orInvalid(() => limits?.named?.(headers, now)) ?? {};
  const wait = believedSeconds(said) ?? believedSeconds(seconds);
  const isRate = perSecond > 0 && perSecond <= mostPerSecond;
  return new CrmRateLimited(
    wait ?? retryAfterSeconds(headers['retry-after'], now),
    isRate ? perSecond : limits?.perSecond,
  );
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const notThere = ({ status }: CrmResponse, { isAboutAccount }: SentRequest): UsherError =>
  isAboutAccount ? new CrmAnswerInvalid(`status ${status}`) : new ContactNotFound();

/** What the connector says that an answer means, as an error. */
function meant(response: CrmResponse, request: SentRequest, reading: Reading): UsherError | undefined {
  if (!reading.api.meaning) return undefined;
  const { status, headers, body } = response;
  const read = request.answer === 'text' ? body : json(body);
  const { api } = reading;
  const meaning = orInvalid(() => api.meaning?.({ status, headers, body: read }, request));
  if (meaning === undefined) return undefined;
  if (typeof meaning === 'object') return limitOf(response, reading, meaning.limited);
  switch (meaning) {
    case 'missing':
      return notThere(response, request);
    case 'refused':
      return new CrmWriteRefused();
    case 'credentials':
      return new CrmAuthError({ isExpired: true });
    case 'invalid':
      return new CrmAnswerInvalid(`status ${status}`);
  }
}

/** Turns an answer that is not a success into the error it means. */
export function refusal(
  response: CrmResponse,
  request: SentRequest,
  reading: Reading,
): UsherError | undefined {
  const { status, headers } = response;
  const said = meant(response, request, reading);
  if (said) return said;
  if (request.missing?.includes(status) && !isHtml(response, request)) return notThere(response, request);
  if (status < 300) return undefined;
  const writes = !isRead(request);
  // A page of a firewall or a proxy says nothing about the token.
  if ((status === 401 || status === 403) && isHtml(response, request))
    return new CrmAnswerInvalid('it is an HTML page');
  // A token may be allowed to read only: then it is not the token that everything else has to wait for.
  if (status === 403 && writes) return new CrmWriteRefused();
  if (status === 401 || status === 403) return new CrmAuthError({ isExpired: status === 401 });
  if (request.isSignIn && status === 400) return new CrmAuthError();
  if (status === 429) return limitOf(response, reading);
  if (status >= 500 || status === 408 || status === 425)
    return new CrmUnavailable({ retryAfterSeconds: retryAfterSeconds(headers['retry-after'], reading.now) });
  // A 404 page in HTML is a proxy's or a wrong base URL's, and says nothing about the contact.
  if (status === 404 && !isHtml(response, request)) return notThere(response, request);
  if (writes && status >= 400) return new CrmWriteRefused();
  return new CrmAnswerInvalid(`status ${status}`);
}

/**
 * What an answer holds. That to a write need not be JSON. After a page of a proxy that says 200, or what is called JSON and is
 * none, who knows what was written?
 *
 * @throws CrmAnswerInvalid
 */
export function parsedAnswer(response: CrmResponse, request: CrmRequest): unknown {
  if (request.answer === 'text') {
    if (isHtml(response, request)) throw new CrmAnswerInvalid('it is an HTML page');
    return response.body;
  }
  const mayBeAnything = !isRead(request) && !isHtml(response, request);
  if (mayBeAnything && (!isCalledJson(response) || response.body === '')) return json(response.body);
  return parsed(response, request);
}
