import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { describeError, toUsherError } from '../errors.ts';
import { startInvocation } from '../runtime/invocation.ts';
import { type Services, usersFor } from '../runtime/services.ts';
import { askForgotPassword, showForgotPassword } from './forgot-password.ts';
import { jsonAnswer } from './json.ts';
import { login } from './login.ts';
import { errorTextOf, page, textOf, wayToSite } from './page.ts';
import { setPassword, showSetPassword } from './set-password.ts';
import { SiteError, siteStatuses } from './site-error.ts';
import type { SiteAnswer, SiteRequest, SiteRoute } from './site-request.ts';
import { listUsers, showUser } from './users.ts';

/** A person waits for a page, in milliseconds. */
const budgetMs = 15_000;
const largestBody = 16 * 1024;

/** What is done at a path, by method. The word is what the log calls it. */
interface Place {
  action: string;
  methods: Readonly<Record<string, SiteRoute>>;
}

const places: Readonly<Record<string, Place>> = {
  '/set-password': { action: 'set_password', methods: { GET: showSetPassword, POST: setPassword } },
  '/forgot-password': {
    action: 'forgot_password',
    methods: { GET: (request) => showForgotPassword(request), POST: askForgotPassword },
  },
  '/v1/login': { action: 'login', methods: { POST: login } },
  '/v1/users': { action: 'users', methods: { GET: listUsers } },
};

function placeOf(path: string): Place | undefined {
  if (Object.hasOwn(places, path)) return places[path];
  const [, id] = /^\/v1\/users\/([^/]+)$/.exec(path) ?? [];
  return id === undefined
    ? undefined
    : { action: 'user', methods: { GET: (request) => showUser(request, id) } };
}

const isApi = (path: string) => path.startsWith('/v1');

/** @throws SiteError `invalid_site_key` */
async function expectSiteKey({ headers, services, invocation }: SiteRequest): Promise<void> {
  const [, key] = /^Bearer\s+(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  const found =
    key === undefined ? undefined : await invocation.time('key', () => services.siteKeys.connectionOf(key));
  if (found === undefined) throw new SiteError('invalid_site_key');
}

async function answer(request: SiteRequest): Promise<SiteAnswer> {
  const { path, method, line } = request;
  if (isApi(path)) await expectSiteKey(request);
  const place = placeOf(path);
  if (!place) throw new SiteError('not_found');
  line.action = place.action;
  // A HEAD is a GET whose body nobody sends.
  const name = method === 'HEAD' ? 'GET' : method;
  const route = Object.hasOwn(place.methods, name) ? place.methods[name] : undefined;
  if (!route) {
    const allowed = Object.keys(place.methods).flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one]));
    throw new SiteError('method_not_allowed', { allow: allowed.join(', ') });
  }
  return route(request);
}

/** Sees every thrown value as an error that this side answers with. */
function asSiteError(thrown: unknown): SiteError {
  if (thrown instanceof SiteError) return thrown;
  const { retryable, code } = toUsherError(thrown);
  return retryable || code === 'unavailable'
    ? new SiteError('unavailable', { retryAfterSeconds: 5 })
    : new SiteError('internal_error');
}

/** The one place where errors become HTTP: JSON for servers, a page for people. */
function errorAnswer({ code, options }: SiteError, { path, requestId, services }: SiteRequest): SiteAnswer {
  const { site } = services.config;
  const { values, retryAfterSeconds, allow } = options;
  const status = siteStatuses[code];
  const headers = {
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...(allow === undefined ? {} : { allow }),
    ...(code === 'invalid_site_key' ? { 'www-authenticate': 'Bearer' } : {}),
  };
  const message = (as: 'html' | 'text') => errorTextOf(site, code, values, as);
  const plain = isApi(path)
    ? jsonAnswer({ error: { code, message: message('text') }, request_id: requestId }, status)
    : page(site, status, {
        title: textOf(site, 'problemTitle'),
        content: `<p>${message('html')}</p>\n${wayToSite(site)}`,
      });
  return { ...plain, headers: { ...plain.headers, ...headers } };
}

function noteError(request: SiteRequest, thrown: unknown, { code }: SiteError): void {
  const { line } = request;
  line.errorCode = code;
  line.result = siteStatuses[code] < 500 ? 'refused' : 'failed';
  if (siteStatuses[code] >= 500) line.error = describeError(thrown);
}

function textOfBody({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > largestBody) throw new SiteError('payload_too_large');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SiteError('malformed_body', { values: { expected: 'UTF-8' } });
  }
}

function open(event: APIGatewayProxyEventV2, services: Services): SiteRequest {
  const invocation = startInvocation(budgetMs);
  const { http, requestId } = event.requestContext;
  return {
    method: http.method,
    path: event.rawPath,
    query: new URLSearchParams(event.rawQueryString),
    headers: event.headers,
    text: () => textOfBody(event),
    sourceIp: http.sourceIp,
    requestId,
    services,
    users: usersFor(services, invocation),
    invocation,
    line: { kind: 'site', action: 'none', connection: 'none', result: 'ok', requestId, invocation },
  };
}

/** Pages for people and the API for the site's servers. */
export function createSiteHandler(services: Services) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const request = open(event, services);
    let answered: SiteAnswer;
    try {
      answered = await answer(request);
    } catch (thrown) {
      const error = asSiteError(thrown);
      noteError(request, thrown, error);
      answered = errorAnswer(error, request);
    }
    const { status, headers, body } = answered;
    request.invocation.end();
    services.log.record({ ...request.line, status });
    return {
      statusCode: status,
      headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers },
      body: request.method === 'HEAD' ? '' : body,
    };
  };
}
