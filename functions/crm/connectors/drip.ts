import * as z from 'zod/mini';
import { basicAuth } from '../basic-auth.ts';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import type { Conversation } from '../conversation.ts';
import { ContactNotFound } from '../crm-errors.ts';
import { addUnset } from '../field-names.ts';
import { dripLists } from '../lists/drip.ts';
import { path } from '../path.ts';
import { described, listOf, matching, notEmpty, textOrNone } from '../schemas.ts';
import { braces } from '../template-forms.ts';

const subscriber = z.looseObject({
  id: notEmpty,
  email: textOrNone,
  tags: listOf(z.string()),
  custom_fields: z.nullish(z.record(z.string(), z.unknown())),
});
const answer = z.object({ subscribers: listOf(subscriber) });
const identifiers = z.object({ custom_field_identifiers: listOf(z.string()) });

/** Fields that stand beside the custom ones, and can be written. */
const words =
  'first_name last_name address1 address2 city state zip country phone sms_number time_zone user_id';
const standardFields = words.split(' ');
/** Those that are only read: an `email` that is written names whoever has it. */
const readOnlyFields =
  'id email status utc_offset lead_score lifetime_value prospect eu_consent ip_address created_at'.split(' ');

function contactOf({ tags, custom_fields, links: _links, ...standard }: z.infer<typeof subscriber>): Contact {
  const fields = new Map<string, unknown>(Object.entries(standard));
  for (const [name, value] of Object.entries(custom_fields ?? {})) addUnset(fields, name, value);
  return { id: standard.id, email: standard.email ?? undefined, fields, tags: cleanTags(tags) };
}

/** The same place for an id and for an address. */
function* load(key: ContactKey): Conversation<Contact[]> {
  const idOrEmail = 'id' in key ? key.id : key.email;
  const { subscribers } = answer.parse(yield { method: 'GET', path: path`subscribers/${idOrEmail}` });
  return subscribers.map(contactOf);
}

/** Writing creates who is not there, or is refused: look first. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const found = yield* load({ id });
  if (!found.some((contact) => contact.id === id)) throw new ContactNotFound();
  const written = Object.fromEntries([[field, value]]);
  const change = standardFields.includes(field) ? written : { custom_fields: written };
  const body = { json: { subscribers: [{ id, ...change }] } };
  return yield { method: 'POST', path: path`subscribers`, body };
}

function* readIdentifiers(): Conversation<string[]> {
  const given = yield { method: 'GET', path: path`custom_field_identifiers` };
  return identifiers.parse(given).custom_field_identifiers;
}

/** Account webhooks tell of every mail that is opened, too. Each would cost one of 3,600 calls an hour. */
const changes =
  /^subscriber\.(created|reactivated|(applied|removed)_tag|(subscribed|unsubscribed|removed)_\w+|updated_(?!lead_score)\w+)$/;
const accountEvent = z.object({ event: z.string() });
const isOurs = (event: unknown) => {
  const { data } = accountEvent.safeParse(event);
  return data === undefined || changes.test(data.event);
};

/** Drip. API: https://developer.drip.com */
export const drip: Connector<{ account: string }> = {
  title: 'Drip',
  settings: z.object({
    account: described(
      matching(/^\d{1,12}$/, 'must be digits'),
      'The account id: the digits behind `getdrip.com/` in the URL of every page',
    ),
  }),
  secrets: { apiToken: 'API token' },
  webhook: {
    // An account webhook, and "Send an HTTP POST" of a workflow or rule.
    ids: [
      ['data', 'subscriber', 'id'],
      ['subscriber', 'id'],
    ],
    emails: [
      ['data', 'subscriber', 'email'],
      ['subscriber', 'email'],
    ],
    isOurs,
  },
  templateForms: braces,
  contactId: (text) => (/^[a-z0-9]{10,40}$/.test(text) ? text : undefined),
  api: ({ account }) => ({
    baseUrl: `https://api.getdrip.com/v2/${account}/`,
    authorise: (request, { apiToken }) => ({
      ...request,
      headers: { authorization: basicAuth(apiToken, '') },
    }),
    load,
    write,
    lists: dripLists,
    check: readIdentifiers,
    *fields() {
      return [...standardFields, ...readOnlyFields, ...(yield* readIdentifiers())];
    },
  }),
  // 3,600 an hour. Its 429 names no time.
  limits: { perSecond: 1 },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('first_name'),
    last_name: mapped('last_name'),
    phone: mapped('phone'),
    country: mapped('country'),
    region: mapped('state'),
    city: mapped('city'),
  },
  known: {
    tags: 'tags',
    checked: "the vendor's documentation and SDK",
    open: 'whether a write by an unknown id is refused: Usher looks first; in which order subscribers are listed',
  },
  notes: [
    'Of an account webhook, events that change no subscriber (mails, clicks, visits, lead scores, deletions) are ignored.',
    'A subscriber who was deleted is not there any more, and neither is one who was made inactive: the user stays as it is.',
    'An account webhook for custom fields sends what Usher writes back; that ends after one pass.',
  ],
  setup: (webhookUrl) => [
    'In Drip, the API token is under User Settings > User Info, and the account id in the URL of every page.',
    'Open the workflow and add the action "Send an HTTP POST", or under Automation > Rules choose it as the action.',
    `URL: ${webhookUrl}`,
    'Nothing has to be added to the body: it has subscriber.id.',
    'For a whole account instead: Settings > Webhooks > New Webhook, with the events "Applied a tag" and "Removed a tag".',
  ],
};
