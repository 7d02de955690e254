import type { CrmName } from '../../functions/crm/registry.ts';
import { type Contact, contactOf } from './account.ts';
import type { CrmDescription } from './crm-description.ts';
import { descriptions } from './descriptions.ts';
import type { Person } from './person.ts';
import type { WebhookBody } from './webhook-body.ts';

export interface WebhookRequest extends WebhookBody {
  method: 'POST';
  url: string;
}

/**
 * The usual request of a CRM's automation for a contact, of whom no more than the id need be known, and that as somebody typed it. The URL is sent as
 * the operator typed it. An id that is an address is taken for both: some CRMs send nothing else.
 *
 * @param at when the automation step ran
 */
export function webhookRequest(
  crm: CrmName,
  webhookUrl: URL,
  known: { id: string | number } & Partial<Omit<Person, 'id'>>,
  at: Date,
): WebhookRequest {
  const id = String(known.id);
  const [email, time] = [id.includes('@') ? id : null, at.toISOString()];
  const person: Person = { email, fields: {}, createdAt: time, updatedAt: time, ...known, id };
  const description = descriptions[crm];
  const contact = contactOf(person, description.fields, () => 0);
  return { method: 'POST', url: webhookUrl.href, ...webhookBody(description, [contact], at) };
}

/** A webhook of that kind, the usual one unless told. */
export function webhookBody(
  { webhooks }: CrmDescription,
  contacts: readonly [Contact, ...Contact[]],
  at: Date,
  kind = Object.keys(webhooks)[0],
): WebhookBody {
  const write = webhooks[String(kind)];
  if (!write) throw new Error(`There is no webhook called ${kind}.`);
  return write(contacts, at);
}
