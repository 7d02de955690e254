import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type CrmApi, emptyAnswer } from './crm-api.ts';
import type { Faults } from './faults.ts';
import type { PeopleStore, StoredPerson } from './people-store.ts';
import { readBody } from './read-body.ts';
import type { RecordedRequest, RequestLog } from './request-log.ts';
import { sendAnswer } from './send-answer.ts';
import { sendFault } from './send-fault.ts';

interface ApiServer<P extends StoredPerson> {
  api: CrmApi;
  people: PeopleStore<P>;
  faults: Faults;
  requests: RequestLog;
  /** Ends delays when the server stops. */
  stopping: AbortSignal;
  /** Gets everybody whom a request has created or changed, after its answer. */
  onChange: (person: P) => void;
}

/** Answers a request to the CRM's API as the injected faults allow, and records it. */
export async function answerApiRequest<P extends StoredPerson>(
  { api, people, faults, requests, stopping, onChange }: ApiServer<P>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const [path = '/', query = ''] = splitAtFirst(url, '?');
  const record: RecordedRequest = { method, path, query, status: null, at: new Date().toISOString() };
  requests.record(record);

  const body = await readBody(request);
  if (body === undefined) {
    record.status = sendAnswer(response, api.error(413));
    return;
  }
  const { delayBefore, delayAfter, fault } = faults.take(method, url);
  if (delayBefore > 0) await delay(delayBefore, undefined, { signal: stopping });
  const isCarriedOut = fault?.applies !== 'before';
  const { result: answer, changed } = people.changesBy(() =>
    isCarriedOut
      ? api.answer({ method, path, query: new URLSearchParams(query), headers, body })
      : emptyAnswer(200),
  );
  if (delayAfter > 0) await delay(delayAfter, undefined, { signal: stopping });
  record.status = fault ? sendFault({ fault, response, api, path, answer }) : sendAnswer(response, answer);
  for (const person of changed) onChange(person);
}

function splitAtFirst(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
