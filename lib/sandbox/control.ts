import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiAnswer, emptyAnswer, jsonAnswer } from './api-answer.ts';
import type { ControlCall, Controlled } from './control-call.ts';
import { clearFaults, injectFaults, listFaults } from './control-faults.ts';
import { showLimits, switchLimits } from './control-limits.ts';
import { changePerson, createPerson, getPerson, listPeople, removePerson } from './control-people.ts';
import { clearWebhooks, listWebhooks, registerWebhook } from './control-webhooks.ts';
import { InvalidFault } from './fault.ts';
import { parseJson } from './json.ts';
import { InvalidPerson } from './person.ts';
import { readBody } from './read-body.ts';
import { sendAnswer } from './send-answer.ts';
import { InvalidWebhook } from './webhooks.ts';

/** Everything below it belongs to the sandbox, not to the CRM. */
export const controlPath = '/_sandbox';

type Methods = Readonly<Record<string, (call: ControlCall) => ApiAnswer>>;

const endpoints: readonly (readonly [path: RegExp, methods: Methods])[] = [
  [/^\/?$/, { GET: showIndex }],
  [/^\/people$/, { GET: listPeople, POST: createPerson }],
  [/^\/people\/([^/]+)$/, { GET: getPerson, PUT: changePerson, DELETE: removePerson }],
  [/^\/faults$/, { GET: listFaults, POST: injectFaults, DELETE: clearFaults }],
  [/^\/limits$/, { GET: showLimits, PUT: switchLimits }],
  [/^\/webhooks$/, { GET: listWebhooks, POST: registerWebhook, DELETE: clearWebhooks }],
  [/^\/requests$/, { GET: listRequests, DELETE: clearRequests }],
  [/^\/reset$/, { POST: reset }],
];

const index = {
  'GET /_sandbox/people': 'everybody',
  'POST /_sandbox/people': 'create a person; a missing id is given',
  'GET /_sandbox/people/{id}': 'one person',
  'PUT /_sandbox/people/{id}':
    'change what the body names, fields one by one: {"tags":["vip"],"fields":{"city":"Ulm"}}',
  'DELETE /_sandbox/people/{id}': 'remove a person',
  'GET /_sandbox/faults': 'the faults still to come',
  'POST /_sandbox/faults': 'inject one or an array: {"kind":"hang","pathContains":"people","times":1}',
  'DELETE /_sandbox/faults': 'back to right answers',
  'GET /_sandbox/limits': 'the limits that the vendor documents, and whether they hold',
  'PUT /_sandbox/limits': '{"on":true} or {"on":false}',
  'GET /_sandbox/webhooks': 'the webhooks and how many were sent',
  'POST /_sandbox/webhooks':
    'from now on call {"url":"http://127.0.0.1:…"} for everybody whom the API changes',
  'DELETE /_sandbox/webhooks': 'call nobody any more',
  'GET /_sandbox/requests': 'what the API was asked',
  'DELETE /_sandbox/requests': 'forget that',
  'POST /_sandbox/reset': 'back to the first people, no faults, no limits, no webhooks, no requests',
};

export async function answerControlRequest(
  controlled: Controlled,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const [path = ''] = (request.url ?? '').split('?');
  sendAnswer(response, answer(controlled, request.method ?? 'GET', path.slice(controlPath.length), body));
}

function answer(controlled: Controlled, method: string, path: string, body: string | undefined): ApiAnswer {
  if (body === undefined) return jsonAnswer(413, { error: 'the body is larger than 1 MB' });
  const [match, methods] = matchPath(path) ?? [];
  if (!match || !methods) return jsonAnswer(404, { error: 'no such path', paths: index });
  const handle = methods[method];
  if (!handle) return jsonAnswer(405, { error: `use ${Object.keys(methods).join(', ')}` });
  const parsed = parseJson(body);
  if (body !== '' && parsed === undefined) return jsonAnswer(400, { error: 'the body is not JSON' });
  try {
    return handle({ ...controlled, id: decodeURIComponent(match[1] ?? ''), body: parsed });
  } catch (error) {
    const isTheirs = [InvalidPerson, InvalidFault, InvalidWebhook, URIError].some(
      (kind) => error instanceof kind,
    );
    if (isTheirs && Error.isError(error)) return jsonAnswer(400, { error: error.message });
    throw error;
  }
}

function matchPath(path: string): [match: RegExpExecArray, methods: Methods] | undefined {
  for (const [pattern, methods] of endpoints) {
    const match = pattern.exec(path);
    if (match) return [match, methods];
  }
  return undefined;
}

function showIndex({ crm, people }: ControlCall): ApiAnswer {
  return jsonAnswer(200, { crm, people: people.size, paths: index });
}

function listRequests({ requests }: ControlCall): ApiAnswer {
  return jsonAnswer(200, { count: requests.count(), requests: requests.list() });
}

function clearRequests({ requests }: ControlCall): ApiAnswer {
  requests.clear();
  return emptyAnswer(204);
}

function reset({ people, faults, limits, requests, webhooks }: ControlCall): ApiAnswer {
  people.reset();
  faults.clear();
  limits.switch(false);
  webhooks.clear();
  requests.clear();
  return jsonAnswer(200, { people: people.size });
}
