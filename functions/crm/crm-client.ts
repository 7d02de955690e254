import { UsherError } from '../errors.ts';
import type { Connector, Contact, CrmRequest } from './connector.ts';
import { expectNoHtml, parsed, parsedIfJson, refusal } from './crm-answer.ts';
import { ContactNotFound, CrmAnswerInvalid, CrmUnavailable } from './crm-errors.ts';
import type { CrmPace } from './crm-pace.ts';
import type { CrmResponse, Transport } from './transport.ts';
import { withDeadline } from './with-deadline.ts';

/** What Usher asks of a CRM. Each call is one HTTP request, but for the retries of `sendPatiently`. */
export interface CrmClient {
  /**
   * @throws ContactNotFound when the CRM has no such contact
   * @throws CrmAuthError, CrmRateLimited, CrmUnavailable, CrmAnswerInvalid, all retryable
   */
  load(contactId: string): Promise<Contact>;
  /** The contact with exactly this address (searches may be fuzzy), or undefined. */
  loadByEmail(email: string): Promise<Contact | undefined>;
  /** @throws CrmWriteRefused when the CRM does not take the value, ContactNotFound when the contact is gone */
  writeField(contactId: string, field: string, value: string): Promise<void>;
  testCredentials(): Promise<void>;
  /** Names of the fields that contacts of the account can have. */
  fieldNames(): Promise<ReadonlySet<string>>;
}

export interface CrmClientOptions {
  connector: Connector;
  /** Ends in a slash. */
  baseUrl: string;
  /** @throws CrmAuthError when none is stored */
  apiToken: () => Promise<string>;
  transport: Transport;
  /** Ends the call: the sender of the webhook waits no longer. */
  signal: AbortSignal;
  /** One call may take this long, in milliseconds. */
  timeoutMs: number;
  now: () => Date;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Asked before every call. */
  pace?: CrmPace;
  /** Told of every call made, for logs and metrics. */
  onCall?: (call: CrmCall) => void;
}

export interface CrmCall {
  template: string;
  /** Absent when no answer came. */
  status?: number;
}

/** Worth one more try at once: a passing fault of the CRM, of a proxy before it, or of a connection kept too long. */
const retriedStatuses = new Set([408, 425, 500, 502, 503, 504]);
const retriedFaults = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'EAI_AGAIN']);
const pausesMs = [200];

function isPassing(outcome: CrmResponse | UsherError): boolean {
  if (!(outcome instanceof UsherError)) {
    // A CRM that names a time wants to be left alone until then.
    return retriedStatuses.has(outcome.status) && outcome.headers['retry-after'] === undefined;
  }
  const { cause } = outcome;
  return Error.isError(cause) && 'code' in cause && retriedFaults.has(String(cause.code));
}

/** What ends sooner than this because the invocation's time was used up by others, says nothing of the CRM. In milliseconds. */
const fairMs = 1000;

/** No account has so many fields; a CRM that always names a next page must not keep us for ever. */
const mostPages = 50;

/** Runs a connector against its CRM. */
export function createCrmClient(options: CrmClientOptions): CrmClient {
  const { connector, baseUrl, apiToken, transport, signal, timeoutMs, now, sleep, pace, onCall } = options;

  async function send(request: CrmRequest, token: string): Promise<CrmResponse> {
    const url = new URL(request.path, baseUrl);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.append(name, value);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    try {
      const headers = {
        accept: 'application/json',
        'user-agent': 'usher',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
        ...connector.authenticate(token),
      };
      const response = await withDeadline(signal, timeoutMs, (deadline) =>
        transport(
          { method: request.method, url, headers, ...(body === undefined ? {} : { body }) },
          deadline,
        ),
      );
      onCall?.({ template: request.template, status: response.status });
      return response;
    } catch (error) {
      onCall?.({ template: request.template });
      throw error instanceof UsherError ? error : new CrmUnavailable({ cause: error });
    }
  }

  /** The sender of the webhook may stop waiting during a pause: for it the CRM did not answer. */
  async function rest(ms: number): Promise<void> {
    try {
      await sleep(ms, signal);
    } catch (error) {
      throw new CrmUnavailable({ cause: error });
    }
  }

  /** Sends, and sends again after a passing fault. Every request of a connector may be repeated: writes set values. */
  async function sendPatiently(request: CrmRequest, pauses: readonly number[]): Promise<CrmResponse> {
    const token = await apiToken();
    for (const pause of pauses) {
      const outcome = await send(request, token).catch((error: UsherError) => error);
      if (isPassing(outcome)) await rest(pause);
      else if (outcome instanceof UsherError) throw outcome;
      else return outcome;
    }
    return send(request, token);
  }

  async function answered(request: CrmRequest, pauses: readonly number[]): Promise<CrmResponse> {
    const response = await sendPatiently(request, pauses);
    const error = refusal(response, request.method !== 'GET', connector, now());
    if (error) throw error;
    return response;
  }

  /** Only a valid token may make this call. Outside the pace, which asks for it. */
  async function checkToken(): Promise<void> {
    expectNoHtml(await answered(connector.testCredentials(), []));
  }

  /** One call, at the connection's pace. An answer that cannot be read counts as none. */
  async function ask<Result>(request: CrmRequest, read: (response: CrmResponse) => Result): Promise<Result> {
    const pauses = (await pace?.admit(checkToken)) === 'once' ? [] : pausesMs;
    const began = now().getTime();
    let result: Result;
    try {
      result = read(await answered(request, pauses));
    } catch (error) {
      const hadTime = !signal.aborted || now().getTime() - began >= fairMs;
      if (!(error instanceof UsherError) || !pace || !hadTime) throw error;
      throw await pace.failed(error, checkToken);
    }
    await pace?.succeeded();
    return result;
  }

  function readAs<Result>(read: (answer: unknown) => Result): (response: CrmResponse) => Result {
    return (response) => {
      const answer = parsed(response);
      try {
        return read(answer);
      } catch (error) {
        throw new CrmAnswerInvalid('it has an unknown shape', error);
      }
    };
  }

  const contacts = (request: CrmRequest): Promise<Contact[]> => ask(request, readAs(connector.readContacts));

  return {
    async load(contactId) {
      // Such an id never gets into a URL, where `.` and `search` mean something else.
      if (connector.contactId(contactId) === undefined) throw new ContactNotFound();
      const found = await contacts(connector.loadById(contactId));
      if (found.length === 0) throw new ContactNotFound();
      const contact = found.find(({ id }) => id === contactId);
      if (!contact) throw new CrmAnswerInvalid('it holds another contact');
      return contact;
    },
    async loadByEmail(email) {
      const sameAddress = email.toLowerCase();
      const found = await contacts(connector.loadByEmail(email)).catch((error: unknown) => {
        if (error instanceof ContactNotFound) return [];
        throw error;
      });
      return found.find(({ fields }) => String(fields.get('email')).toLowerCase() === sameAddress);
    },
    async writeField(contactId, field, value) {
      if (connector.contactId(contactId) === undefined) throw new ContactNotFound();
      await ask(connector.writeField(contactId, field, value), parsedIfJson);
    },
    async testCredentials() {
      await ask(connector.testCredentials(), expectNoHtml);
    },
    async fieldNames() {
      const all = new Set<string>();
      for (let page = 1; page <= mostPages; page += 1) {
        const { names, hasMore } = await ask(connector.listFields(page), readAs(connector.readFields));
        for (const name of names) all.add(name);
        if (!hasMore) break;
      }
      return all;
    },
  };
}
