import { setTimeout as delay } from 'node:timers/promises';
import type { Transport } from '../../functions/crm/transport.ts';
import type { Fault } from '../../lib/sandbox/fault.ts';
import type { Sandbox } from '../../lib/sandbox/sandbox.ts';
import type { SeededRandom } from '../integration/seeded-random.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { atBoundary } from './boundary.ts';
import { happens, weighted } from './decide.ts';
import type { LateContacts } from './late-contacts.ts';
import type { Tally } from './tally.ts';
import { TokenBucket } from './token-bucket.ts';
import type { CrmWeather } from './weather.ts';

export interface FaultyCrmPorts {
  seed: number;
  sandboxes: () => readonly Sandbox[];
  /** Undefined where nothing goes wrong, and nothing is slow. */
  weather: (connection: string) => CrmWeather | undefined;
  late: LateContacts;
  tally: Tally;
  now: () => Date;
}

/** A right answer that takes its time: before the person is looked up, or after, so that it is out of date when it comes. */
function late(random: SeededRandom, least: number, more: number): Fault {
  return { latencyMs: least + random.int(more), applies: random.pick(['before', 'after']) };
}

/** What may go wrong with a single call. An answer in JSON that claims success is true: nobody could tell otherwise. */
const flaky: readonly (readonly [number, (random: SeededRandom) => Fault])[] = [
  [20, (random) => late(random, 50, 500)],
  [5, () => ({ kind: 'hang' })],
  [
    14,
    (random) => ({
      status: random.pick([500, 502, 503, 504, 408]),
      applies: random.pick(['before', 'after']),
    }),
  ],
  [8, (random) => ({ kind: 'reset', applies: random.pick(['before', 'after']) })],
  [4, (random) => ({ kind: 'reset_after_headers', applies: random.pick(['before', 'after']) })],
  [5, () => ({ kind: 'truncate' })],
  [5, () => ({ kind: 'truncate_wrong_length' })],
  [5, (random) => ({ kind: 'html', applies: random.pick(['before', 'after']) })],
  [5, (random) => ({ kind: 'html_status', status: random.pick([404, 502, 503]) })],
  [4, () => ({ kind: 'garbage' })],
  [5, () => ({ kind: 'unknown_shape', applies: 'after' })],
  [6, () => ({ kind: 'no_tags_shape' })],
  [2, () => ({ kind: 'slow_body' })],
  [2, () => ({ kind: 'redirect' })],
  [1, () => ({ kind: 'oversize' })],
];

const down: readonly (readonly [number, (random: SeededRandom) => Fault])[] = [
  [60, () => ({ status: 503 })],
  [25, () => ({ kind: 'reset' })],
  [15, () => ({ kind: 'hang' })],
];

/** Encharge answers 200 with nobody for somebody who is not there, or 404. */
const notFound = (random: SeededRandom, crm: string): Fault | undefined =>
  crm === 'encharge' && happens(random, 50) ? { status: 404 } : undefined;

/** No CRM answers sooner over the internet, in real milliseconds. */
const leastMs = 60;

const pauses = [5, 20, 60, 300, 900] as const;
/** A call that had begun when the first 429 was on its way cannot know of it; in real milliseconds. */
const newsMs = 300;

/** A time until which an account answers 429, as its first 429 said. */
interface NamedPause {
  until: number;
  knownFrom: number;
}

/** Calls of the function to the CRMs, which go over real HTTP to the sandboxes; some of them go wrong there. */
export class FaultyCrm {
  readonly #ports: FaultyCrmPorts;
  readonly #pauses = new Map<string, NamedPause>();
  readonly #buckets = new Map<string, TokenBucket>();
  #calls = 0;

  constructor(ports: FaultyCrmPorts) {
    this.#ports = ports;
  }

  wrap(transport: Transport): Transport {
    return (request, signal) => {
      const sandbox = this.#ports
        .sandboxes()
        .find(({ url }) => request.url.href.startsWith(new URL(url).origin));
      return atBoundary({
        seed: this.#ports.seed,
        name: request.method,
        plain: () => transport(request, signal),
        run: async (random, invocation) => {
          this.#ports.tally.add('crm calls');
          await delay(leastMs, undefined, { signal });
          if (!sandbox) return transport(request, signal);
          const instead = this.#ports.late.instead(
            request.url,
            sandbox.crm as TestedCrm,
            this.#ports.now().getTime(),
          );
          const url = instead ?? new URL(request.url);
          if (instead) this.#ports.tally.add('late contact not found');
          const fault = this.#faultOf(random, sandbox.crm) ?? (instead && notFound(random, sandbox.crm));
          if (!fault) return transport({ ...request, url }, signal);
          invocation.faults += 1;
          this.#ports.tally.add(`fault/crm ${fault.kind ?? fault.status ?? 'latency'}`);
          if (fault.status === 429) this.#ports.tally.add('crm 429');
          // A mark in the URL hands the fault to this call and to no other.
          this.#calls += 1;
          const mark = `fault=${this.#calls}.`;
          url.search = `${url.search}${url.search === '' ? '?' : '&'}${mark}`;
          sandbox.faults.inject({ ...fault, pathContains: mark, times: 1 });
          return transport({ ...request, url }, signal);
        },
      });
    };
  }

  #faultOf(random: SeededRandom, connection: string): Fault | undefined {
    const weather = this.#ports.weather(connection);
    switch (weather) {
      case undefined:
        return undefined;
      case 'fair':
        return happens(random, 10) ? late(random, 20, 300) : undefined;
      case 'flaky':
        return happens(random, 10) ? weighted(random, flaky)(random) : undefined;
      case 'slow':
        return late(random, 100, 700);
      case 'limiting':
        return happens(random, 25) ? { status: 429 } : undefined;
      case 'pausing':
        return this.#pausing(random, connection);
      case 'bucket':
      case 'bucket that tells':
        return this.#fromBucket(connection, weather);
      case 'down':
        return weighted(random, down)(random);
      case 'locked-out':
        return { status: 401 };
    }
  }

  #fromBucket(connection: string, weather: CrmWeather): Fault | undefined {
    const bucket = this.#buckets.get(connection) ?? new TokenBucket();
    this.#buckets.set(connection, bucket);
    const waitMs = bucket.take(this.#ports.now().getTime());
    this.#ports.tally.add(waitMs === 0 ? 'calls let through by a bucket' : 'calls refused by a bucket');
    if (waitMs === 0) return undefined;
    const retryAfter = String(Math.ceil(waitMs / 1000));
    return weather === 'bucket' ? { status: 429 } : { status: 429, retryAfter };
  }

  #pausing(random: SeededRandom, connection: string): Fault | undefined {
    const now = this.#ports.now().getTime();
    const pause = this.#pauses.get(connection);
    const begins = happens(random, 10);
    const length = random.pick(pauses);
    const asDate = happens(random, 20);
    if (pause && now < pause.until) {
      if (now > pause.knownFrom) this.#ports.tally.add('crm 429 during a named pause');
      return { status: 429, retryAfter: String(Math.ceil((pause.until - now) / 1000)) };
    }
    if (!begins) return undefined;
    this.#pauses.set(connection, { until: now + length * 1000, knownFrom: now + newsMs });
    this.#ports.tally.add('named pauses');
    const retryAfter = asDate ? new Date(now + length * 1000 + 999).toUTCString() : String(length);
    return { status: 429, retryAfter };
  }
}
