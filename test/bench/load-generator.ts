import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { inParallel } from './in-parallel.ts';
import { idsOf, type People } from './load-people.ts';

export interface Burst {
  ms: number;
  /** How many were sent. */
  count: number;
  /** Answers by status and result, such as `200 created`; without an answer the error's code. */
  answers: Map<string, number>;
  /** How long each took, in milliseconds, in no order. */
  waits: number[];
}

interface Body {
  data?: { result?: string };
  error?: { code?: string };
}

function outcome(status: number | undefined, body: string): string {
  const { data, error } = JSON.parse(body) as Body;
  return `${status} ${data?.result ?? error?.code}`;
}

async function post(target: RequestOptions, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ ...target, headers }, resolve)
      .once('error', reject)
      .end(body);
  });
  // Cheaper than a stream consumer: what the sender takes of the machine is missing to the one that is measured.
  let answer = '';
  response.setEncoding('utf8').on('data', (part: string) => {
    answer += part;
  });
  await once(response, 'end');
  return outcome(response.statusCode, answer);
}

/** Sends a webhook for each of the people, so many at once, over connections that are kept. See `inParallel`. */
export async function sendWebhooks(
  webhook: string,
  query: Record<string, string>,
  people: People,
  concurrency: number,
  untilMs: number,
): Promise<Burst> {
  const url = new URL(webhook);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const { hostname, port, pathname, search } = url;
  const target = { method: 'POST', hostname, port, path: pathname + search, agent };
  const began = performance.now();
  const waits: number[] = [];
  const results = await inParallel(idsOf(people), concurrency, untilMs, async (id) => {
    const sent = performance.now();
    const answer = await post(target, JSON.stringify({ id })).catch(
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    );
    waits.push(performance.now() - sent);
    return answer;
  });
  const ms = performance.now() - began;
  agent.destroy();
  const answers = new Map<string, number>();
  for (const result of results) answers.set(result, (answers.get(result) ?? 0) + 1);
  return { ms, count: results.length, answers, waits };
}
