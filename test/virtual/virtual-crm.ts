import type { CrmResponse, Transport } from '../../functions/crm/transport.ts';

/** How a contact that a CRM cannot give away is answered. */
export type Broken = '403' | '404 in HTML' | '429' | '429 with a time' | '500' | 'hang' | 'reset';

export interface VirtualCrmOptions {
  /** Milliseconds that an answer takes. */
  latencyMs?: number;
  /** Calls a second that it allows, and how many at once; without it any number. */
  perSecond?: number;
  burst?: number;
  /** `Retry-After` of its 429. */
  namedSeconds?: number;
  broken?: ReadonlyMap<string, Broken>;
  /** Milliseconds of the test's clock between which it does not work. */
  down?: { from: number; until: number; how: '503' | 'hang' };
  /** Contacts that were deleted. */
  gone?: ReadonlySet<string>;
  /** The token is rejected. */
  isTokenRejected?: boolean;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): CrmResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const page = (status: number): CrmResponse => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: '<html>no</html>',
});

const namedByContact = '30';

/** Encharge, as far as it is asked here: people by id, and passwords that it takes, at the test's clock. */
export class VirtualCrm {
  options: VirtualCrmOptions;
  calls = 0;
  refused = 0;
  downCalls = 0;
  /** Contacts in the order in which they were asked for. */
  readonly asked: string[] = [];
  readonly tags = new Map<string, string>();
  /** Contacts that have got a password. */
  readonly written = new Set<string>();
  #tokens: number;
  #filledAt = Date.now();

  constructor(options: VirtualCrmOptions) {
    this.options = options;
    this.#tokens = this.#capacity;
  }

  get #capacity(): number {
    const { perSecond = 1, burst = Math.max(perSecond, 1) } = this.options;
    return burst;
  }

  readonly transport: Transport = async ({ method, url, body }, signal) => {
    this.calls += 1;
    const isWrite = method === 'POST';
    const [written] = isWrite ? (JSON.parse(String(body)) as { id: string }[]) : [];
    const id = written?.id ?? url.searchParams.get('people[0][id]') ?? '';
    this.asked.push(id);
    const answer = this.#answer(id);
    if (isWrite && typeof answer === 'object' && answer.status === 200) this.written.add(id);
    const { latencyMs = 100 } = this.options;
    await wait(answer === 'hang' ? 60_000 : latencyMs, signal);
    if (answer === 'reset') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    return answer as CrmResponse;
  };

  #answer(id: string): CrmResponse | 'hang' | 'reset' {
    const { broken, down, isTokenRejected } = this.options;
    if (down && Date.now() >= down.from && Date.now() < down.until) {
      this.downCalls += 1;
      return down.how === 'hang' ? 'hang' : json(503, {});
    }
    if (isTokenRejected) return json(401, {});
    const how = broken?.get(id);
    if (how === 'hang' || how === 'reset') return how;
    if (how === '404 in HTML') return page(404);
    if (how === '429 with a time') return json(429, {}, { 'retry-after': namedByContact });
    if (how) return json(Number(how), {});
    if (!this.#takeToken()) return this.#limited();
    return json(200, this.options.gone?.has(id) ? { users: [] } : this.#person(id));
  }

  #takeToken(): boolean {
    const { perSecond } = this.options;
    if (perSecond === undefined) return true;
    const now = Date.now();
    this.#tokens = Math.min(this.#capacity, this.#tokens + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #limited(): CrmResponse {
    this.refused += 1;
    const { namedSeconds } = this.options;
    return json(429, {}, namedSeconds === undefined ? {} : { 'retry-after': String(namedSeconds) });
  }

  #person(id: string) {
    return { users: [{ id, email: `${id}@example.com`, tags: this.tags.get(id) ?? 'member' }] };
  }
}

/** Waits by the test's clock. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
  });
}
