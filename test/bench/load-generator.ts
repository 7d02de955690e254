import { HttpConnection } from './http-connection.ts';
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

function outcome(status: number, body: string): string {
  const { data, error } = JSON.parse(body) as Body;
  return `${status} ${data?.result ?? error?.code}`;
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
  const path = url.pathname + url.search;
  const free: HttpConnection[] = [];
  const post = async (id: string): Promise<string> => {
    const connection = free.pop() ?? (await HttpConnection.open(url));
    const { status, body } = await connection.post(path, JSON.stringify({ id }));
    free.push(connection);
    return outcome(status, body);
  };
  const began = performance.now();
  const waits: number[] = [];
  const results = await inParallel(idsOf(people), concurrency, untilMs, async (id) => {
    const sent = performance.now();
    const answer = await post(id).catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
    waits.push(performance.now() - sent);
    return answer;
  });
  const ms = performance.now() - began;
  for (const connection of free) connection.close();
  const answers = new Map<string, number>();
  for (const result of results) answers.set(result, (answers.get(result) ?? 0) + 1);
  return { ms, count: results.length, answers, waits };
}
