import * as z from 'zod';
import type { PersonOf, RegisteredWebhook, SandboxCrm, SandboxWebhooks } from './sandbox.ts';
import { webhookRequest } from './webhook-request.ts';

/** A sandbox calls this machine and no other. */
const localHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

function isLocal(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'http:' && localHosts.has(new URL(url).hostname);
}

const webhookSchema = z.strictObject({
  url: z.string().refine(isLocal, { error: 'must be an http URL on this machine' }),
  limit: z.int().positive().max(100_000).default(1000),
});

/** Somebody registered what is no webhook. The message says where it is wrong. */
export class InvalidWebhook extends Error {
  override name = 'InvalidWebhook';
}

/** @throws {InvalidWebhook} */
export function checkWebhook(webhook: unknown): z.output<typeof webhookSchema> {
  const result = webhookSchema.safeParse(webhook);
  if (result.success) return result.data;
  throw new InvalidWebhook(z.prettifyError(result.error));
}

type Counted = RegisteredWebhook & { answers: Record<string, number> };

/** How long an answer is waited for, in milliseconds. */
const patienceMs = 30_000;

/**
 * The automations of a sandbox that call a URL when a contact changes: a request for every change, as that CRM makes it.
 * Neither order nor delivery is promised, and none is repeated: that is what CRMs do.
 */
export class Webhooks<C extends SandboxCrm> implements SandboxWebhooks {
  readonly #crm: C;
  readonly #stopping: AbortSignal;
  #registered: Counted[] = [];

  constructor(crm: C, stopping: AbortSignal) {
    this.#crm = crm;
    this.#stopping = stopping;
  }

  register(webhook: { url: string; limit?: number | undefined }): void {
    const counts = { sent: 0, heldBack: 0, underWay: 0, failed: 0, answers: {} };
    this.#registered.push({ ...checkWebhook(webhook), ...counts });
  }

  list(): RegisteredWebhook[] {
    return structuredClone(this.#registered);
  }

  clear(): void {
    this.#registered = [];
  }

  /** Calls every URL for a person who was changed; returns at once. */
  send(person: PersonOf[C]): void {
    for (const webhook of this.#registered) {
      if (webhook.sent >= webhook.limit) webhook.heldBack += 1;
      else void this.#call(webhook, person);
    }
  }

  /** Never rejects: a CRM hears of a failure and goes on. */
  async #call(webhook: Counted, person: PersonOf[C]): Promise<void> {
    webhook.sent += 1;
    webhook.underWay += 1;
    const { url, method, headers, body } = webhookRequest(
      this.#crm,
      new URL(webhook.url),
      { id: String(person.id) },
      person,
      new Date(),
    );
    const signal = AbortSignal.any([this.#stopping, AbortSignal.timeout(patienceMs)]);
    try {
      const options = { method, headers, body: Buffer.from(body), redirect: 'manual', signal } as const;
      const response = await fetch(url, options);
      await response.arrayBuffer();
      webhook.answers[response.status] = (webhook.answers[response.status] ?? 0) + 1;
    } catch {
      // Counted, which is all that a CRM shows of it.
      webhook.failed += 1;
    }
    webhook.underWay -= 1;
  }
}
