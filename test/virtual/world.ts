import { createHook } from 'node:async_hooks';
import { afterEach, beforeEach, jest } from '@jest/globals';
import type { APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda';
import { createHandler, type UsherHandler } from '../../functions/create-handler.ts';
import { secureRandom } from '../../functions/random.ts';
import type { Line } from '../../functions/runtime/log.ts';
import type { Services } from '../../functions/runtime/services.ts';
import { toHttpEvent } from '../../lib/dev/http-event.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { toSqsEvent } from '../../lib/dev/sqs-event.ts';
import config from '../../usher.config.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { seededRandom } from '../integration/seeded-random.ts';
import { MemoryTable } from './memory-table.ts';
import { VirtualCrm, type VirtualCrmOptions, wait } from './virtual-crm.ts';
import { VirtualQueue, virtualSqs } from './virtual-queue.ts';

const connection = 'encharge';
const accessKey = 'a-key-of-the-tests-that-is-none-anywhere';
const [queueUrl, deadLetterUrl] = ['https://queue.example.com/jobs', 'https://queue.example.com/dead'];
const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:jobs.fifo';
/** Functions that answer webhooks, each a process of its own. */
const fronts = 64;

export interface Answered {
  status: number;
  /** Milliseconds that the sender waited. */
  ms: number;
  body: { data?: Record<string, unknown>; error?: { code: string } };
}

export interface WorldOptions extends VirtualCrmOptions {
  /** Jobs worked on at once. */
  workers?: number;
  /** New users get a password, which goes back to the CRM: a look and a write. */
  returnsPasswords?: boolean;
}

/** The functions, their queue and a CRM, by a clock that jumps to the next moment at which something happens. */
export class World {
  readonly table = new MemoryTable();
  readonly queue = new VirtualQueue();
  readonly dead = new VirtualQueue();
  readonly crm: VirtualCrm;
  readonly lines: Line[] = [];
  readonly problems: { message: string; fields: Record<string, unknown> }[] = [];
  /** When a contact was first applied, in milliseconds since the beginning. */
  readonly appliedAt = new Map<string, number>();
  /** Writes to the pace of the connection, by second. */
  readonly paceWrites = new Map<number, number>();
  readonly start = Date.now();
  readonly #fronts: UsherHandler[];
  readonly #idle: UsherHandler[];
  /** The same in every run. */
  readonly #random = seededRandom(1);
  #next = 0;
  #wakeAt = Number.POSITIVE_INFINITY;

  readonly #config: typeof config;

  constructor({ workers = 4, returnsPasswords = false, ...crm }: WorldOptions = {}) {
    this.#config = returnsPasswords ? config : withoutPasswords;
    // It makes everything slower: only where passwords are made.
    if (returnsPasswords) hook.enable();
    this.crm = new VirtualCrm(crm);
    this.#fronts = Array.from({ length: fronts }, () => createHandler(this.services()));
    this.#idle = Array.from({ length: workers }, () => createHandler(this.services()));
    this.table.onWrite = (key) => {
      if (!key.startsWith('PACE#')) return;
      const second = Math.floor((Date.now() - this.start) / 1000);
      this.paceWrites.set(second, (this.paceWrites.get(second) ?? 0) + 1);
    };
  }

  /** What a process of its own has. */
  services(): Services {
    return {
      config: { ...this.#config, responseBudgetMs: config.responseBudgetMs },
      documents: this.table.documents,
      sqs: virtualSqs(this.queue, this.dead, deadLetterUrl),
      ses: { send: () => Promise.reject(new Error('No mail is sent here.')) } as never,
      secrets: { send: () => Promise.reject(new Error('No secret is read here.')) } as never,
      transport: this.crm.transport,
      keyRing: {
        connectionOf: (key) => Promise.resolve(key === accessKey ? connection : undefined),
        credentials: () => Promise.resolve({ apiToken: 'a-token-of-the-tests' }),
        webhookSecret: () => Promise.resolve(undefined),
        doubt: () => undefined,
      },
      siteKeys: { connectionOf: () => Promise.resolve(undefined) },
      log: {
        record: (line) => this.#record(line),
        problem: (message, fields) => void this.problems.push({ message, fields }),
      },
      tableName: 'virtual',
      queueUrl,
      deadLetterUrl,
      crmUrls: {},
      paceMemory: new Map(),
      crmMemories: new Map(),
      secretIds: {},
      now: () => new Date(),
      random: { ...secureRandom, int: this.#random.int },
      sleep: wait,
    };
  }

  get ms(): number {
    return Date.now() - this.start;
  }

  #record(line: Line): void {
    this.lines.push(line);
    const isApplied = ['created', 'updated', 'unchanged'].includes(line.result);
    if (isApplied && line.contactId !== undefined && !this.appliedAt.has(line.contactId)) {
      this.appliedAt.set(line.contactId, this.ms);
    }
  }

  /** Sends a webhook, or a batch, to a function that has nothing else to do. */
  async send(contacts: string | readonly string[], query: Record<string, string> = {}): Promise<Answered> {
    const handler = this.#fronts[this.#next % fronts] as UsherHandler;
    this.#next += 1;
    const began = Date.now();
    const body = typeof contacts === 'string' ? { id: contacts } : contacts.map((id) => ({ id }));
    const event = toHttpEvent({
      method: 'POST',
      target: `/?${new URLSearchParams({ wpf_action: 'add', access_key: accessKey, ...query })}`,
      httpVersion: '1.1',
      rawHeaders: ['Host', 'usher.example.com', 'Content-Type', 'application/json'],
      body: Buffer.from(JSON.stringify(body)),
      sourceIp: '127.0.0.1',
      requestId: `request-${this.#next}`,
      receivedAt: new Date(),
    });
    const context = createLambdaContext({ timeoutMs: 30_000 });
    const result = (await handler(event, context)) as APIGatewayProxyStructuredResultV2;
    const answer = JSON.parse(String(result.body)) as Answered['body'];
    return { status: Number(result.statusCode), ms: Date.now() - began, body: answer };
  }

  /** Sends a webhook every so many milliseconds, from a moment on. */
  async every(
    ms: number,
    count: number,
    contact: (index: number) => string,
    { from = 0, query = {} }: { from?: number; query?: Record<string, string> } = {},
  ): Promise<Answered[]> {
    const start = Date.now() + from;
    const sending: Promise<Answered>[] = [];
    // One timer at a time: to look for the next among thousands takes longer than what it sets off.
    for (let index = 0; index < count; index += 1) {
      await wait(start + index * ms - Date.now());
      sending.push(this.send(contact(index), query));
    }
    return Promise.all(sending);
  }

  async #work(handler: UsherHandler): Promise<void> {
    const message = this.queue.receive();
    if (!message) return;
    this.#idle.splice(this.#idle.indexOf(handler), 1);
    // What a hand-out takes.
    await wait(20);
    const context = createLambdaContext({ timeoutMs: 30_000 });
    const result = (await handler(toSqsEvent([message], queueArn), context)) as SQSBatchResponse;
    if (result.batchItemFailures.length === 0) this.queue.delete(String(message.ReceiptHandle));
    this.#idle.push(handler);
  }

  /** Lambda's event source: hands out what is visible to whoever is idle, and looks again when the next one is. */
  #poll(): void {
    for (const handler of [...this.#idle]) void this.#work(handler);
    const next = this.queue.nextAt;
    if (next === undefined || this.#idle.length === 0 || next >= this.#wakeAt) return;
    this.#wakeAt = next;
    setTimeout(
      () => {
        this.#wakeAt = Number.POSITIVE_INFINITY;
      },
      Math.max(next - Date.now(), 0),
    );
  }

  /** Lets time go on until something holds, or so many seconds are over. Answers whether it held. */
  async until(isOver: () => boolean, seconds: number): Promise<boolean> {
    const end = Date.now() + seconds * 1000;
    while (Date.now() <= end) {
      await settle();
      this.#poll();
      await settle();
      if (isOver()) return true;
      if (jest.getTimerCount() === 0) return false;
      jest.advanceTimersToNextTimer();
    }
    return false;
  }
}

/** Passwords that are being hashed, which takes real time: the clock waits for them. */
const hashing = new Map<number, PromiseWithResolvers<void>>();
const hook = createHook({
  init(id, type) {
    if (type === 'ARGON2REQUEST') hashing.set(id, Promise.withResolvers());
  },
  before(id) {
    hashing.get(id)?.resolve();
    hashing.delete(id);
  },
});

/** Everything that does not wait for the clock has run. Immediates are not faked. */
async function settle(): Promise<void> {
  do {
    await Promise.all([...hashing.values()].map(({ promise }) => promise));
    await new Promise((resolve) => setImmediate(resolve));
  } while (hashing.size > 0);
}

/** Puts the clock into the hands of a file's tests. */
export function useVirtualTime(): void {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'], now: 1_800_000_000_000 });
  });
  afterEach(() => {
    jest.useRealTimers();
    hook.disable();
  });
}

/** Ids of contacts, from a number on. */
export const contactId = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

export const contactIds = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => contactId(from + index));
