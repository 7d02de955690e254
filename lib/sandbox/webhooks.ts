import * as z from 'zod';
import type { Account } from './account.ts';
import type { CrmDescription } from './crm-description.ts';
import type { Person } from './person.ts';
import type { RegisteredWebhook, SandboxWebhook, SandboxWebhooks } from './sandbox.ts';
import { webhookBody } from './webhook-request.ts';

/** A sandbox calls this machine and no other. */
const localHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

function isLocal(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'http:' && localHosts.has(new URL(url).hostname);
}

const webhookSchema = z.strictObject({
  url: z.string().refine(isLocal, { error: 'must be an http URL on this machine' }),
  limit: z.int().positive().max(100_000).default(1000),
  kind: z.string().optional(),
  batch: z.int().positive().max(1000).default(1),
});

/** Somebody registered what is no webhook. The message says where it is wrong. */
export class InvalidWebhook extends Error {
  override name = 'InvalidWebhook';
}

type Counted = Omit<RegisteredWebhook, 'limit' | 'batch'> & {
  limit: number;
  batch: number;
  answers: Record<string, number>;
};

interface WebhookPorts {
  description: CrmDescription;
  account: Account;
  /** Proves the webhooks of a CRM that can sign them. */
  secret: string | undefined;
  now: () => Date;
}

/** As the function is told it: behind API Gateway every host has HTTPS and no port. */
function signedUrl(url: string): string {
  const { hostname, pathname, search } = new URL(url);
  return `https://${hostname}${pathname}${search}`;
}

/** How long an answer is waited for, in milliseconds. */
const patienceMs = 30_000;

/**
 * The automations of a sandbox that call a URL when a contact changes: a request for every change, as that CRM makes it.
 * Neither order nor delivery is promised, and none is repeated: that is what CRMs do.
 */
export class Webhooks implements SandboxWebhooks {
  readonly #ports: WebhookPorts;
  readonly #stopping: AbortSignal;
  #registered: { webhook: Counted; waiting: Person[] }[] = [];

  constructor(ports: WebhookPorts, stopping: AbortSignal) {
    this.#ports = ports;
    this.#stopping = stopping;
  }

  register(webhook: SandboxWebhook): void {
    const result = webhookSchema.safeParse(webhook);
    if (!result.success) throw new InvalidWebhook(z.prettifyError(result.error));
    const { kind } = result.data;
    const kinds = Object.keys(this.#ports.description.webhooks);
    if (kind !== undefined && !kinds.includes(kind)) {
      throw new InvalidWebhook(`kind: there are only ${kinds.join(', ')}`);
    }
    const counts = { sent: 0, heldBack: 0, underWay: 0, failed: 0, answers: {} };
    this.#registered.push({ webhook: { ...result.data, ...counts }, waiting: [] });
  }

  list(): RegisteredWebhook[] {
    return structuredClone(this.#registered.map(({ webhook }) => webhook));
  }

  clear(): void {
    this.#registered = [];
  }

  /** Calls every URL for people who were changed; returns at once. */
  send(people: readonly Person[]): void {
    for (const { webhook, waiting } of this.#registered) {
      for (const person of people) {
        waiting.push(person);
        if (waiting.length < webhook.batch) continue;
        const [first = person, ...others] = waiting.splice(0);
        if (webhook.sent >= webhook.limit) webhook.heldBack += 1;
        else void this.#call(webhook, [first, ...others]);
      }
    }
  }

  /** Never rejects: a CRM hears of a failure and goes on. */
  async #call(webhook: Counted, [first, ...others]: readonly [Person, ...Person[]]): Promise<void> {
    const { description, account, secret, now } = this.#ports;
    webhook.sent += 1;
    webhook.underWay += 1;
    const contacts = [account.contact(first), ...others.map((person) => account.contact(person))] as const;
    const { headers, body } = webhookBody(description, contacts, now(), webhook.kind);
    const signature =
      secret === undefined ? {} : description.signature?.(body, secret, now(), signedUrl(webhook.url));
    const signal = AbortSignal.any([this.#stopping, AbortSignal.timeout(patienceMs)]);
    try {
      const response = await fetch(webhook.url, {
        method: 'POST',
        headers: { ...headers, ...signature },
        body: Buffer.from(body),
        redirect: 'manual',
        signal,
      });
      await response.arrayBuffer();
      webhook.answers[response.status] = (webhook.answers[response.status] ?? 0) + 1;
    } catch {
      // Counted, which is all that a CRM shows of it.
      webhook.failed += 1;
    }
    webhook.underWay -= 1;
  }
}
