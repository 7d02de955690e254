import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { emptyAnswer } from './api-answer.ts';
import type { CrmApi } from './crm-api.ts';
import type { CrmDescription } from './crm-description.ts';
import type { Faults } from './faults.ts';
import type { PeopleStore } from './people-store.ts';
import { readBody } from './read-body.ts';
import type { RecordedRequest, RequestLog } from './request-log.ts';
import { sendAnswer } from './send-answer.ts';
import { sendFault } from './send-fault.ts';
import type { Webhooks } from './webhooks.ts';

interface ApiServer {
  api: CrmApi;
  tagsAt: CrmDescription['tagsAt'];
  people: PeopleStore;
  faults: Faults;
  requests: RequestLog;
  /** Are called for everybody whom a request has created or changed, after its answer. */
  webhooks: Webhooks;
  /** Ends delays when the server stops. */
  stopping: AbortSignal;
}

/** Answers a request to the CRM's API as the injected faults allow, and records it. */
export async function answerApiRequest(
  { api, tagsAt, people, faults, requests, webhooks, stopping }: ApiServer,
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
  record.status = fault
    ? sendFault({ fault, response, api, tagsAt, path, answer })
    : sendAnswer(response, answer);
  webhooks.send(changed);
}

function splitAtFirst(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
