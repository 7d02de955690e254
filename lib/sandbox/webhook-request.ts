import type { PersonOf, SandboxCrm } from './sandbox.ts';
import { userKey } from './userengage-person.ts';

export interface WebhookRequest {
  method: 'POST';
  url: string;
  /**
   * All headers that the CRM sets itself. Where `content-type` is missing it is missing on the wire too: send the
   * body as bytes, because `fetch` adds `text/plain` to a text.
   */
  headers: Record<string, string>;
  body: string;
}

/**
 * The request that the CRM's automation makes for a contact. The URL is sent as the operator typed it.
 *
 * Encharge, "Send webhook": the body is what the operator typed, here `{"id":"{{ person.id }}"}`, so the id is a text.
 * UserEngage, "API call": the id is a number, no content type is set, and without a person only the id is known.
 * https://help.encharge.io and https://docs.user.com
 *
 * @param at when the automation step ran
 */
export function webhookRequest<C extends SandboxCrm>(
  crm: C,
  webhookUrl: URL,
  contact: { id: string },
  person: PersonOf[C] | undefined,
  at: Date,
): WebhookRequest {
  return { method: 'POST', url: webhookUrl.href, ...writers[crm](contact.id, person, at) };
}

const writers: {
  [C in SandboxCrm]: (
    id: string,
    person: PersonOf[C] | undefined,
    at: Date,
  ) => Pick<WebhookRequest, 'headers' | 'body'>;
} = {
  encharge: (id) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id }),
  }),
  userengage: (id, person, at) => ({
    headers: {},
    body: JSON.stringify({
      path: 6,
      timestamp: at.toISOString().replace('Z', '000+00:00'),
      extra: {},
      user: person
        ? { id: person.id, key: userKey(person), name: person.name, email: person.email }
        : { id: Number(id) },
    }),
  }),
};
