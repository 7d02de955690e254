import { UsherError } from '../errors.ts';
import type { Credentials, CrmApi, Limits, SignIn } from './connector.ts';
import type { CrmRequest, RequestBody } from './conversation.ts';
import { refusal, type SentRequest } from './crm-answer.ts';
import { CrmAuthError, CrmUnavailable } from './crm-errors.ts';
import type { CrmResponse, Transport } from './transport.ts';
import { withDeadline } from './with-deadline.ts';

/** Fetches a token that ends, for credentials that do not. */
export type FetchToken = (credentials: Credentials) => Promise<SignIn>;

export interface CrmCallOptions {
  api: CrmApi;
  limits: Limits | undefined;
  /** Ends in a slash. */
  baseUrl: string;
  /**
   * What the connection's secret holds.
   *
   * @param fetchToken where the CRM's tokens end: then `accessToken` is among them
   * @param rejected the `accessToken` that the CRM has just refused
   * @throws CrmAuthError when none are stored
   */
  credentials: (fetchToken?: FetchToken, rejected?: string) => Promise<Credentials>;
  transport: Transport;
  /** Ends the call: the sender of the webhook waits no longer. */
  signal: AbortSignal;
  /** One call may take this long, in milliseconds. */
  timeoutMs: number;
  now: () => Date;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of every call made, for logs and metrics. */
  onCall?: (call: CrmCall) => void;
}

export interface CrmCall {
  /** Stands for the URL in logs: no ids, no addresses. */
  template: string;
  /** Absent when no answer came. */
  status?: number;
}

/** Worth one more try at once: a passing fault of the CRM, of a proxy before it, or of a connection kept too long. */
const retriedStatuses = new Set([408, 425, 500, 502, 503, 504]);
const retriedFaults = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'EAI_AGAIN']);
const pauseMs = 200;

function isPassing(outcome: CrmResponse | UsherError): boolean {
  if (!(outcome instanceof UsherError)) {
    // A CRM that names a time wants to be left alone until then.
    return retriedStatuses.has(outcome.status) && outcome.headers['retry-after'] === undefined;
  }
  const { cause } = outcome;
  return Error.isError(cause) && 'code' in cause && retriedFaults.has(String(cause.code));
}

function written(body: RequestBody): { type: string; text: string } {
  if ('json' in body) return { type: 'application/json', text: JSON.stringify(body.json) };
  if ('xml' in body) return { type: 'text/xml; charset=utf-8', text: body.xml };
  return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(body.form).toString() };
}

/** Puts a request together as the transport wants it. */
function httpRequest(
  { method, path, query, headers, body }: CrmRequest,
  baseUrl: string,
): Parameters<Transport>[0] {
  const url = new URL(path.text, baseUrl);
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.append(name, value);
  const sent = body && written(body);
  return {
    method,
    url,
    headers: {
      accept: 'application/json',
      'user-agent': 'usher',
      ...(sent && { 'content-type': sent.type, 'content-length': String(Buffer.byteLength(sent.text)) }),
      ...headers,
    },
    ...(sent && { body: sent.text }),
  };
}

/**
 * Calls a CRM: credentials, deadline, one more try after a passing fault, one more with a fresh token, and the error that an
 * answer means. Every request of a connector but a sign-in may be
 * repeated: writes set values.
 *
 * @param mayRepeat after a passing fault
 */
export function createCrmCall(options: CrmCallOptions) {
  const { api, limits, baseUrl, credentials, transport, signal, timeoutMs, now, sleep, onCall } = options;

  async function send(request: SentRequest, known: Credentials): Promise<CrmResponse> {
    const { template } = request.path;
    try {
      const authorised = api.authorise(request, known);
      // Whoever plays the CRM plays all of it.
      const isPlayed = baseUrl !== api.baseUrl;
      const sent = httpRequest(authorised, (isPlayed ? undefined : authorised.baseUrl) ?? baseUrl);
      const response = await withDeadline(signal, timeoutMs, (deadline) => transport(sent, deadline));
      onCall?.({ template, status: response.status });
      return response;
    } catch (error) {
      onCall?.({ template });
      throw error instanceof UsherError ? error : new CrmUnavailable({ cause: error });
    }
  }

  /** The sender of the webhook may stop waiting during a pause: for it the CRM did not answer. */
  async function rest(): Promise<void> {
    try {
      await sleep(pauseMs, signal);
    } catch (error) {
      throw new CrmUnavailable({ cause: error });
    }
  }

  async function sendPatiently(
    request: SentRequest,
    known: Credentials,
    mayRepeat: boolean,
  ): Promise<CrmResponse> {
    if (!mayRepeat) return send(request, known);
    const outcome = await send(request, known).catch((error: UsherError) => error);
    if (isPassing(outcome)) {
      await rest();
      return send(request, known);
    }
    if (outcome instanceof UsherError) throw outcome;
    return outcome;
  }

  async function answered(
    request: SentRequest,
    known: Credentials,
    mayRepeat: boolean,
  ): Promise<CrmResponse> {
    const response = await sendPatiently(request, known, mayRepeat);
    const error = refusal(response, request, { api, limits, now: now() });
    if (error) throw error;
    return response;
  }

  return async function call(
    request: SentRequest,
    mayRepeat: boolean,
    fetchToken?: FetchToken,
  ): Promise<CrmResponse> {
    const known = await credentials(fetchToken);
    try {
      return await answered(request, known, mayRepeat);
    } catch (error) {
      // What was refused for its token was not written, either.
      if (!fetchToken || !(error instanceof CrmAuthError) || !error.isExpired) throw error;
    }
    return answered(request, await credentials(fetchToken, known['accessToken']), mayRepeat);
  };
}
