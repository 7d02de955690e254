import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import type { Account } from './account.ts';
import { type ApiAnswer, htmlAnswer, Reply, sent } from './api-answer.ts';
import type { Call, CrmDescription } from './crm-description.ts';
import { isJsonObject, type Json } from './json.ts';
import type { Limits } from './limits.ts';
import { InvalidPerson } from './person.ts';
import { requestBody } from './request-body.ts';
import { createRouter } from './routes.ts';
import type { Session } from './sign-in.ts';

export interface ApiRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

/** One CRM's documented HTTP API over the people of one account. */
export interface CrmApi {
  answer(request: ApiRequest): ApiAnswer;
  /** How this CRM words an error of that status. */
  error(status: number): ApiAnswer;
}

export interface ApiPorts {
  description: CrmDescription;
  account: Account;
  session: Session;
  limits: Limits;
}

/** A route was asked for somebody who is not there. */
class NoSuchContact extends Error {}

/** The API of a CRM, as its description says. */
export function createCrmApi({ description, account, session, limits }: ApiPorts): CrmApi {
  const findRoute = createRouter(description.basePath, description.routes);
  const errors = createErrors(description);

  const answer = ({ body: text, ...request }: ApiRequest): Reply => {
    const { method, path, query, headers } = request;
    const body = requestBody(text, headers);
    if (session.isSignIn(method, path)) return session.signIn(body, `http://${headers.host}`);
    const found = findRoute(method, path, query);
    if (!found) return errors.noRoute(request);
    const wanted = description.credentials(session.secrets(), request);
    if (!isAuthorised(wanted, { query, headers, body })) return errors.badToken;
    const wait = limits.take(path);
    if (wait > 0) return errors.rateLimited(wait);
    const call: Call = {
      ...request,
      body,
      text,
      values: found.values,
      account,
      get contact() {
        const contact = account.find(found.values['id'] ?? '');
        if (!contact) throw new NoSuchContact();
        return contact;
      },
    };
    const given = found.answer(call);
    if (given instanceof Reply) return given;
    return given === undefined ? errors.notFound : new Reply(200, given, typed(description.contentType));
  };

  return {
    error: (status) => sent(errors.of(status)),
    answer(request) {
      try {
        return sent(answer(request));
      } catch (error) {
        if (error instanceof NoSuchContact) return sent(errors.notFound);
        if (error instanceof InvalidPerson) return sent(errors.badWrite(error.message));
        throw error;
      }
    },
  };
}

type Credentials = ReturnType<CrmDescription['credentials']>;

function isAuthorised(
  { headers = {}, query = {}, body = {} }: Credentials,
  request: Pick<ApiRequest, 'headers' | 'query'> & { body: Json | undefined },
): boolean {
  return (
    Object.entries(headers).every(([name, value]) => request.headers[name.toLowerCase()] === value) &&
    Object.entries(query).every(([name, value]) => request.query.get(name) === value) &&
    Object.entries(body).every(([name, value]) => isJsonObject(request.body) && request.body[name] === value)
  );
}

function typed(contentType: string | undefined): Record<string, string> {
  return contentType === undefined ? {} : { 'content-type': contentType };
}

/** Every error in the CRM's own words. */
function createErrors({ errors }: CrmDescription) {
  const plain = (status: number, message = STATUS_CODES[status] ?? `Error ${status}`) =>
    new Reply(status, errors.body(status, message), typed(errors.contentType));
  const notFound = errors.notFound ?? plain(404);
  const badToken = errors.badToken ?? plain(401);
  const rateLimited = (seconds?: number) => errors.rateLimited?.(seconds) ?? plain(429);
  const badWrite = (message: string) => errors.badWrite?.(message) ?? plain(400, message);
  return {
    notFound,
    badToken,
    rateLimited,
    badWrite,
    noRoute: (request: Pick<ApiRequest, 'method' | 'path' | 'query'>): Reply => {
      const { body, headers } = htmlAnswer(404, 'Not Found', 'There is nothing at this path.');
      return errors.noRoute?.(request) ?? new Reply(404, body, headers);
    },
    of(status: number): Reply {
      if (status === badToken.status) return badToken;
      if (status === notFound.status) return notFound;
      if (status === badWrite('').status) return badWrite(STATUS_CODES[status] ?? '');
      return status === 429 ? rateLimited() : plain(status);
    },
  };
}
