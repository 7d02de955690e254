import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../integration/seeded-random.ts';
import { aborted, awsError, conflictOf, lostAnswer } from './aws-errors.ts';
import { atBoundary } from './boundary.ts';
import { happens, weighted } from './decide.ts';
import { type Command, halfOf } from './half-batch.ts';
import type { Invocation } from './invocation.ts';
import type { Tally } from './tally.ts';
import type { AwsWeather } from './weather.ts';

export type AwsService = keyof AwsWeather;

/**
 * `lost`: carried out, but nobody hears of it; `repeated`: as `lost`, and the SDK asks again by itself; `late`: given up,
 * and carried out some time after that; `partly`: half of a batch.
 */
type AwsFault =
  | 'throttled'
  | 'failed'
  | 'conflict'
  | 'lost'
  | 'repeated'
  | 'late'
  | 'hangs'
  | 'slow'
  | 'partly'
  | 'rejected';

interface SendOptions {
  abortSignal?: AbortSignal;
}
type Send = (command: Command, options: SendOptions) => Promise<unknown>;

export interface FaultyAwsPorts {
  seed: number;
  weather: () => AwsWeather;
  tally: Tally;
  /** Told of every call that succeeded, and of mails that may have. */
  onDone: (service: AwsService, command: string, input: object, invocation: Invocation) => void;
  /** Told of a call that got no answer, for want of time or of patience: AWS may have carried it out all the same. */
  onGivenUp: (service: AwsService, command: string, input: object, invocation: Invocation) => Promise<void>;
}

const faults = {
  dynamodb: [
    [20, 'throttled'],
    [20, 'failed'],
    [20, 'conflict'],
    [20, 'lost'],
    [10, 'repeated'],
    [6, 'late'],
    [3, 'hangs'],
    [10, 'slow'],
  ],
  sqs: [
    [20, 'throttled'],
    [25, 'failed'],
    [30, 'lost'],
    [10, 'repeated'],
    [10, 'slow'],
    [20, 'partly'],
  ],
  ses: [
    [30, 'throttled'],
    [20, 'rejected'],
    [20, 'failed'],
    [20, 'lost'],
    [5, 'hangs'],
    [10, 'slow'],
  ],
} as const satisfies Record<AwsService, readonly (readonly [number, AwsFault])[]>;

/** What the clients are set to: the longest a call of theirs takes, in milliseconds. */
const requestTimeoutMs = 3000;

async function hang(signal: AbortSignal | undefined): Promise<never> {
  await delay(requestTimeoutMs, undefined, signal ? { signal } : {}).catch(() => undefined);
  throw signal?.aborted ? aborted() : lostAnswer();
}

/** Whether AWS has said no; else the SDK or the function has waited long enough, which on a machine that stalls is soon. */
const isAnswer = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== undefined;

/** Calls of the function to AWS, some of which go wrong. */
export class FaultyAws {
  readonly #ports: FaultyAwsPorts;
  readonly #late = new Set<Promise<unknown>>();
  #mails = 0;

  constructor(ports: FaultyAwsPorts) {
    this.#ports = ports;
  }

  /** Resolves when everything that is carried out late has been. */
  async settled(): Promise<void> {
    while (this.#late.size > 0) await Promise.all(this.#late);
  }

  wrap<Client extends { send: (...args: never[]) => unknown }>(client: Client, service: AwsService): Client {
    const real: Send = (command, options) =>
      client.send(command as never, options as never) as Promise<unknown>;
    const send = (command: Command, options: SendOptions = {}) => {
      const name = command.constructor.name.replace(/Command$/, '');
      const { seed, weather, onDone, onGivenUp } = this.#ports;
      return atBoundary({
        seed,
        name,
        plain: () => real(command, options),
        run: async (random, invocation) => {
          this.#mails += 1;
          if (service === 'ses')
            Object.assign(command.input, { ConfigurationSetName: `mail-${this.#mails}` });
          const done = async () => {
            try {
              const answer = await real(command, options);
              onDone(service, name, command.input, invocation);
              return answer;
            } catch (error) {
              if (!isAnswer(error)) {
                this.#afterwards(onGivenUp(service, name, command.input, invocation));
              }
              throw error;
            }
          };
          if (!happens(random, weather()[service])) return done();
          const fault: AwsFault = weighted<AwsFault>(random, faults[service]);
          invocation.faults += 1;
          this.#ports.tally.add(`fault/${service} ${fault}`);
          try {
            return await this.#meet(fault, { command, name, options, random, service, done });
          } finally {
            // Once more: what comes after it may be its doing.
            if (fault !== 'slow') invocation.faults += 1;
          }
        },
      });
    };
    return Object.create(client, { send: { value: send } }) as Client;
  }

  async #meet(
    fault: AwsFault,
    call: {
      command: Command;
      name: string;
      options: SendOptions;
      random: SeededRandom;
      service: AwsService;
      done: () => Promise<unknown>;
    },
  ): Promise<unknown> {
    const { command, name, options, random, service, done } = call;
    switch (fault) {
      case 'throttled':
        throw awsError(service === 'dynamodb' ? 'ProvisionedThroughputExceededException' : 'Throttling', 400);
      case 'failed':
        throw awsError('InternalServerError', 500);
      case 'rejected':
        throw awsError('MessageRejected', 400);
      case 'conflict':
        if (name === 'BatchGet') return halfOf(command, name, done);
        if (name === 'Get') throw awsError('ThrottlingException', 400);
        throw conflictOf(name, command.input);
      case 'partly':
        return halfOf(command, name, done);
      case 'lost':
        await done();
        throw lostAnswer();
      case 'repeated':
        // The SDK sends the same bytes again, with the token it has put into them.
        if (name === 'TransactWrite') Object.assign(command.input, { ClientRequestToken: randomUUID() });
        await done().catch(() => undefined);
        return done();
      case 'late':
        this.#afterwards(delay(50 + random.int(400)).then(done));
        throw lostAnswer();
      case 'hangs':
        return hang(options.abortSignal);
      case 'slow':
        await delay(20 + random.int(250));
        return done();
    }
  }

  #afterwards(work: Promise<unknown>): void {
    // Its outcome is nobody's: a condition that no longer holds, or a write that came through after all.
    const over = work.catch(() => undefined).finally(() => this.#late.delete(over));
    this.#late.add(over);
  }
}
