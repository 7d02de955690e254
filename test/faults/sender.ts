import { setTimeout as delay } from 'node:timers/promises';
import { toHttpEvent } from '../../lib/dev/http-event.ts';
import type { LocalStack } from '../../lib/dev/local-stack.ts';
import type { Delivery } from './draft.ts';
import type { FunctionRuns, HttpOutcome } from './function-runs.ts';
import { note, type Person } from './person.ts';
import type { Tally } from './tally.ts';

export interface SenderPorts {
  stack: LocalStack;
  runs: FunctionRuns;
  tally: Tally;
  now: () => Date;
  onUnexpected: (people: readonly Person[], answer: string) => void;
}

/** A contact as it was when a webhook for it left the CRM. */
interface Sent {
  person: Person;
  contactId: string;
  edits: number;
}

/** One try of a sender to get a webhook through. */
interface Attempt {
  delivery: Delivery;
  key: string;
  receivedAt: Date;
}

/** Real milliseconds until a CRM sends a webhook again. */
const repeatMs = 30;
/** Real milliseconds from an edit until the webhook of its automation arrives. Short, so that webhooks cross. */
const travelMs = 20;

/** Refusals that are right: the contact is gone by now, or has no user yet. */
const rightRefusals = new Set(['contact_not_found', 'user_not_found']);

function bodyOf(crm: Person['crm'], ids: readonly string[]): string {
  const elements = ids.map((id) => (crm === 'encharge' ? { id } : { user: { id: Number(id) } }));
  return JSON.stringify(elements.length === 1 ? elements[0] : elements);
}

interface Read {
  label: string;
  isPromise: boolean;
  isRight: boolean;
}

function read(outcome: HttpOutcome): Read {
  if (outcome === 'killed') return { label: 'no answer (killed)', isPromise: false, isRight: true };
  const { status, body } = outcome;
  const { success, data, error } = body as {
    success: boolean;
    data?: { result?: string; warnings?: string[] };
    error?: { code: string };
  };
  const warnings = data?.warnings?.length ? ` with ${data.warnings.join(', ')}` : '';
  const isKnown = status === 503 || success || rightRefusals.has(error?.code ?? '');
  return {
    label: `${status} ${data?.result ?? error?.code}${warnings}`,
    isPromise: success && status < 300,
    isRight: isKnown,
  };
}

/** The CRMs' automations: they send webhooks, some again when they get no 2xx, and note what was promised. */
export class Sender {
  readonly #ports: SenderPorts;
  readonly #inbound: string;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
    this.#inbound = new URL(ports.stack.webhook).host;
  }

  /** Sends until it is promised or the CRM's patience is over. Answers whether it is. */
  async send(delivery: Delivery, name = `delivery ${delivery.index}`): Promise<boolean> {
    this.#ports.tally.add('deliveries');
    for (let attempt = 0; attempt <= delivery.patience; attempt += 1) {
      if (attempt > 0) {
        this.#ports.tally.add('repeated by the sender');
        await delay(repeatMs);
      }
      const outcome = await this.#once(delivery, `${name}.${attempt}`);
      if (outcome.isPromise) return true;
      // A CRM repeats what got a 5xx or nothing, not what was refused.
      if (!outcome.label.startsWith('503') && !outcome.label.startsWith('no')) return false;
    }
    this.#ports.tally.add('given up by the sender');
    return false;
  }

  async #once(delivery: Delivery, key: string): Promise<Read> {
    const { tally, runs, now, onUnexpected } = this.#ports;
    const sent = delivery.people.flatMap((person): Sent[] =>
      person.contactId === undefined ? [] : [{ person, contactId: person.contactId, edits: person.edits }],
    );
    const [first] = sent;
    if (!first) return { label: 'nobody', isPromise: false, isRight: true };
    await delay(travelMs);
    const receivedAt = now();
    const outcome = read(
      await runs.http(key, this.#event({ delivery, key, receivedAt }, first.person, sent)),
    );
    tally.add(`answer/${outcome.label}`);
    const { role } = delivery;
    if (role !== undefined) tally.add('webhooks with a role');
    for (const one of sent) {
      if (role !== undefined) {
        const { isPromise: isAccepted } = outcome;
        one.person.roles.push({ at: receivedAt.toISOString(), role, contactId: one.contactId, isAccepted });
      }
      if (outcome.isPromise) this.#promise(delivery, one);
      note(
        one.person,
        now(),
        `${key} ${delivery.action}${role === undefined ? '' : ` as ${role}`} for ${one.contactId}, edit ${one.edits} → ${outcome.label}`,
      );
    }
    if (!outcome.isRight) onUnexpected(delivery.people, outcome.label);
    return outcome;
  }

  #promise({ action }: Delivery, { person, contactId, edits }: Sent): void {
    person.promisedTags = Math.max(person.promisedTags, edits);
    if (action !== 'update_tags') person.promisedAll = Math.max(person.promisedAll, edits);
    if (action === 'add') person.promisedAdds.add(contactId);
  }

  #event({ delivery, key, receivedAt }: Attempt, { crm, wantsMail }: Person, sent: readonly Sent[]) {
    const query = new URLSearchParams({
      wpf_action: delivery.action,
      access_key: String(this.#ports.stack.connections[crm]?.accessKey),
      ...(wantsMail && delivery.action === 'add' ? { send_notification: 'true' } : {}),
      ...(delivery.isAsync ? { async: 'true' } : {}),
      ...(delivery.role === undefined ? {} : { role: delivery.role }),
    });
    const ids = sent.map(({ contactId }) => contactId);
    return toHttpEvent({
      method: 'POST',
      target: `/?${query.toString()}`,
      httpVersion: '1.1',
      rawHeaders: ['Host', this.#inbound, 'Content-Type', 'application/json'],
      body: Buffer.from(bodyOf(crm, ids)),
      sourceIp: '127.0.0.1',
      // API Gateway gives each try of a sender another one.
      requestId: `soak-${key.replaceAll(' ', '-')}`,
      receivedAt,
    });
  }
}
