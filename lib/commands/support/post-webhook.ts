import type { CrmName } from '../../../functions/crm/registry.ts';
import type { Person } from '../../sandbox/person.ts';
import { webhookRequest } from '../../sandbox/webhook-request.ts';
import { CommandError } from './terminal.ts';

/** Whose automation posts, where to, and with which key. */
export interface WebhookTarget {
  crm: CrmName;
  url: URL;
  key: string;
}

/** What the automation asks for. */
export interface WebhookWish {
  action: string;
  role?: string;
  notify?: boolean;
  async?: boolean;
}

/**
 * Posts a webhook exactly as the connection's CRM does.
 *
 * @param contact as much of the contact as is known
 * @throws CommandError when nothing answers
 */
export async function postWebhook(
  { crm, url: base, key }: WebhookTarget,
  { action, role, notify, async }: WebhookWish,
  contact: { id: string } & Partial<Omit<Person, 'id'>>,
  now: Date,
): Promise<{ method: string; status: number; isOk: boolean; answer: string }> {
  const url = new URL(base);
  url.searchParams.set('wpf_action', action);
  url.searchParams.set('access_key', key);
  if (role !== undefined) url.searchParams.set('role', role);
  if (notify) url.searchParams.set('send_notification', 'true');
  if (async) url.searchParams.set('async', 'true');

  const { method, headers, body } = webhookRequest(crm, url, contact, now);
  let response: Response;
  try {
    // As bytes: fetch would add a content type to a text, and this CRM sends none.
    response = await fetch(url, { method, headers, body: Buffer.from(body) });
  } catch (error) {
    throw new CommandError(`${url.origin} does not answer.`, { cause: error });
  }
  const answer = await response.text();
  // `user_not_found` comes with a 200, so that no CRM repeats the webhook.
  const isOk = response.ok && !answer.includes('"success":false');
  return { method, status: response.status, isOk, answer };
}
