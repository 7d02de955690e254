import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiAnswer, emptyAnswer, jsonAnswer } from './api-answer.ts';
import { checkFault, InvalidFault } from './fault.ts';
import type { Faults } from './faults.ts';
import { isJsonObject, type Json, parseJson } from './json.ts';
import type { Limits } from './limits.ts';
import type { PeopleStore } from './people-store.ts';
import { InvalidPerson } from './person.ts';
import { readBody } from './read-body.ts';
import type { RequestLog } from './request-log.ts';
import { createRouter } from './routes.ts';
import type { SandboxWebhook, SandboxWebhooks } from './sandbox.ts';
import { sendAnswer } from './send-answer.ts';
import { InvalidWebhook } from './webhooks.ts';

/** Everything below it belongs to the sandbox, not to the CRM. */
export const controlPath = '/_sandbox';

/** What can be reached there. */
interface Controlled {
  crm: string;
  people: PeopleStore;
  faults: Faults;
  limits: Limits;
  requests: RequestLog;
  webhooks: SandboxWebhooks;
}

interface ControlCall extends Controlled {
  /** The person in the path, or an empty text. */
  id: string;
  body: Json | undefined;
}

type Endpoint = readonly [what: string, answer: (call: ControlCall) => ApiAnswer];

const endpoints: Readonly<Record<string, Endpoint>> = {
  'GET ': ['this', ({ crm, people }) => jsonAnswer(200, { crm, people: people.size, paths })],
  'GET people': ['everybody', ({ people }) => jsonAnswer(200, { people: [...people.all()] })],
  'POST people': ['create a person; a missing id is given', createPerson],
  'GET people/{id}': ['one person', ({ people, id }) => known(id, people.get(id))],
  'PUT people/{id}': [
    'change what the body names, fields one by one: {"tags":["vip"],"fields":{"city":"Ulm"}}',
    changePerson,
  ],
  'DELETE people/{id}': [
    'remove a person',
    ({ people, id }) => (people.remove(id) ? emptyAnswer(204) : known(id, undefined)),
  ],
  'GET faults': ['the faults still to come', ({ faults }) => jsonAnswer(200, { faults: faults.list() })],
  'POST faults': ['inject one or an array: {"kind":"hang","pathContains":"people","times":1}', injectFaults],
  'DELETE faults': ['back to right answers', ({ faults }) => cleared(faults)],
  'GET limits': ["the vendor's limits, and whether they hold", showLimits],
  'PUT limits': ['{"on":true} or {"on":false}', switchLimits],
  'GET webhooks': ['how many were sent', ({ webhooks }) => jsonAnswer(200, { webhooks: webhooks.list() })],
  'POST webhooks': [
    'from now on call {"url":"http://127.0.0.1:…"} for everybody whom the API changes',
    registerWebhook,
  ],
  'DELETE webhooks': ['call nobody any more', ({ webhooks }) => cleared(webhooks)],
  'GET requests': [
    'what the API was asked',
    ({ requests }) => jsonAnswer(200, { count: requests.count(), requests: requests.list() }),
  ],
  'DELETE requests': ['forget that', ({ requests }) => cleared(requests)],
  'POST reset': ['back to the first people, and nothing else', reset],
};

const findEndpoint = createRouter(controlPath, endpoints);
const paths = Object.fromEntries(
  Object.entries(endpoints).map(([key, [what]]) => [key.replace(' ', ` ${controlPath}/`), what]),
);

export async function answerControlRequest(
  controlled: Controlled,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const [path = ''] = (request.url ?? '').split('?');
  const found = findEndpoint(request.method ?? 'GET', path === controlPath ? `${path}/` : path);
  sendAnswer(response, answer(controlled, found, body));
}

function answer(
  controlled: Controlled,
  found: ReturnType<typeof findEndpoint>,
  body: string | undefined,
): ApiAnswer {
  if (body === undefined) return jsonAnswer(413, { error: 'the body is larger than 1 MB' });
  if (!found) return jsonAnswer(404, { error: 'no such path', paths });
  const parsed = parseJson(body);
  if (body !== '' && parsed === undefined) return jsonAnswer(400, { error: 'the body is not JSON' });
  const [, handle] = found.answer;
  try {
    return handle({ ...controlled, id: found.values['id'] ?? '', body: parsed });
  } catch (error) {
    const isTheirs = [InvalidPerson, InvalidFault, InvalidWebhook].some((kind) => error instanceof kind);
    if (isTheirs && Error.isError(error)) return jsonAnswer(400, { error: error.message });
    throw error;
  }
}

function cleared(kept: { clear(): void }): ApiAnswer {
  kept.clear();
  return emptyAnswer(204);
}

function known(id: string, person: object | undefined): ApiAnswer {
  return person ? jsonAnswer(200, person) : jsonAnswer(404, { error: `there is no person ${id}` });
}

function createPerson({ people, body }: ControlCall): ApiAnswer {
  if (!isJsonObject(body)) throw new InvalidPerson('the body must be a person as a JSON object');
  const { id } = body;
  if ((typeof id === 'string' || typeof id === 'number') && people.get(id)) {
    return jsonAnswer(409, { error: `there is a person ${id} already; change it with PUT` });
  }
  return jsonAnswer(201, people.put(body));
}

function changePerson({ people, id, body }: ControlCall): ApiAnswer {
  if (!isJsonObject(body)) throw new InvalidPerson('the body must be a JSON object');
  const person = people.get(id);
  return known(id, person && people.merge(person, body));
}

/** All of an array or none. */
function injectFaults({ faults, body }: ControlCall): ApiAnswer {
  const checked = (Array.isArray(body) ? body : [body]).map(checkFault);
  for (const fault of checked) faults.inject(fault);
  return jsonAnswer(201, { faults: faults.list() });
}

function showLimits({ limits }: ControlCall): ApiAnswer {
  return jsonAnswer(200, { on: limits.isOn, limits: limits.list() });
}

function switchLimits(call: ControlCall): ApiAnswer {
  const on = isJsonObject(call.body) ? call.body['on'] : undefined;
  if (typeof on !== 'boolean') return jsonAnswer(400, { error: 'say {"on":true} or {"on":false}' });
  call.limits.switch(on);
  return showLimits(call);
}

function registerWebhook({ webhooks, body }: ControlCall): ApiAnswer {
  webhooks.register(body as unknown as SandboxWebhook);
  return jsonAnswer(201, { webhooks: webhooks.list() });
}

function reset({ people, faults, limits, requests, webhooks }: ControlCall): ApiAnswer {
  people.reset();
  limits.switch(false);
  for (const kept of [faults, webhooks, requests]) kept.clear();
  return jsonAnswer(200, { people: people.size });
}
