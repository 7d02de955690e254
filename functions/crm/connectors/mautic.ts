import * as z from 'zod/mini';
import { basicAuth } from '../basic-auth.ts';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import type { Conversation } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { isHmac } from '../hmac.ts';
import { siteUrl } from '../host.ts';
import { mauticLists } from '../lists/mautic.ts';
import { path } from '../path.ts';
import { described, digits, listOf, preprocess } from '../schemas.ts';

/** PHP writes a list as an object when its keys have gaps, and an object without members as a list: `{}` is neither. */
const valuesOf = (given: unknown) =>
  Object.keys(Object(given)).length > 0 ? Object.values(Object(given)) : given;

const contact = z.object({
  id: z.union([z.int(), digits]),
  points: z.optional(z.unknown()),
  lastActive: z.optional(z.unknown()),
  dateAdded: z.optional(z.unknown()),
  tags: preprocess(valuesOf, listOf(z.object({ tag: z.string() }))),
  // `all` has every value by its field's alias. The groups beside it know of what types they are.
  fields: z.looseObject({ all: z.record(z.string(), z.unknown()) }),
});
const one = z.object({ contact });
const written = z.object({ contact: z.pick(contact, { fields: true }) });
const found = z.object({ contacts: preprocess(valuesOf, listOf(contact)) });
const multiselect = z.object({ alias: z.string(), type: z.literal('multiselect') });
const definitions = preprocess(valuesOf, listOf(z.object({ alias: z.string() })));

/** The fields whose choices are joined by `|`. */
function multiselects(groups: Record<string, unknown>): Set<string> {
  const fields = Object.values(groups).flatMap((group) => Object.values(Object(group)));
  return new Set(fields.flatMap((field) => multiselect.safeParse(field).data?.alias ?? []));
}

function contactOf({ id, tags, fields: { all, ...groups }, ...others }: z.infer<typeof contact>): Contact {
  const joined = multiselects(groups);
  const fields = new Map(Object.entries({ ...others, ...all }));
  for (const alias of joined) {
    const value = fields.get(alias);
    if (typeof value === 'string') fields.set(alias, value.split('|'));
  }
  const email = typeof all['email'] === 'string' ? all['email'] : undefined;
  return { id: String(id), email, fields, tags: cleanTags(tags.map(({ tag }) => tag)) };
}

/** The search finds addresses that hold what is looked for: `joann@…` for `ann@…`. */
function* load(key: ContactKey): Conversation<Contact[]> {
  if ('id' in key)
    return [contactOf(one.parse(yield { method: 'GET', path: path`contacts/${key.id}` }).contact)];
  const query = { search: `email:${key.email}`, limit: '30' };
  return found.parse(yield { method: 'GET', path: path`contacts`, query }).contacts.map(contactOf);
}

/** PATCH creates nobody, where PUT would. A field that is not there is skipped without a word: the answer has them all. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const body = { json: Object.fromEntries([[field, value]]) };
  const answer = yield { method: 'PATCH', path: path`contacts/${id}/edit`, body };
  const { all } = written.parse(answer).contact.fields;
  if (!Object.hasOwn(all, field)) throw new CrmWriteRefused();
  return answer;
}

/** Events that are about a contact's data. A body may hold several. */
const events = [
  'mautic.lead_post_save_update',
  'mautic.lead_post_save_new',
  'mautic.lead_points_change',
  'mautic.lead_list_change',
  'mautic.lead_company_change',
  'mautic.lead_channel_subscription_changed',
];

/** Mautic, which people host themselves. API: https://developer.mautic.org */
export const mautic: Connector<{ url: string }> = {
  title: 'Mautic',
  settings: z.object({ url: described(siteUrl, 'Where Mautic stands: `https://marketing.example.com`') }),
  secrets: { user: 'user name', apiToken: 'password', webhookSecret: 'secret of the webhook' },
  isTokenChosen: true,
  webhook: {
    ids: [
      ...events.map((event) => [event, 'contact', 'id']),
      ...events.slice(0, 2).map((event) => [event, 'lead', 'id']),
      ['mautic.form_on_submit', 'submission', 'lead', 'id'],
      ['contact_id'],
      ['id'],
    ],
    emails: [['email']],
    isOurs(_event, body) {
      const named = Object.keys(Object(body)).filter((name) => name.startsWith('mautic.'));
      return named.length === 0 || named.some((name) => [...events, 'mautic.form_on_submit'].includes(name));
    },
    isSigned: ({ headers, body }, secret) =>
      isHmac(headers['webhook-signature'], secret, [body], { encoding: 'base64' }),
  },
  templateForms: [['{contactfield=', '}']],
  contactId: (text) => (/^[1-9]\d{0,15}$/.test(text) ? text : undefined),
  api: ({ url }) => ({
    baseUrl: `${url}/api/`,
    authorise: (request, { user, apiToken }) => ({
      ...request,
      headers: { authorization: basicAuth(user, apiToken) },
    }),
    load,
    write,
    lists: mauticLists,
    *check() {
      yield { method: 'GET', path: path`contacts`, query: { limit: '1', minimal: '1' } };
    },
    *fields() {
      const listed = definitions.parse(yield { method: 'GET', path: path`contacts/list/fields` });
      return ['id', 'points', 'lastActive', 'dateAdded', ...listed.map(({ alias }) => alias)];
    },
  }),
  limits: {
    // Seconds, or when they are over: Mautic leaves it to the library that limits.
    named(headers, now) {
      const given = Number(headers['x-ratelimit-retry-after']);
      const seconds = given > 1e9 ? given - now.getTime() / 1000 : given;
      return seconds > 0 ? { seconds: Math.ceil(seconds) } : {};
    },
  },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('firstname'),
    last_name: mapped('lastname'),
    phone: mapped('phone'),
    company: mapped('company'),
    country: mapped('country'),
    region: mapped('state'),
    city: mapped('city'),
  },
  known: { tags: 'tags', checked: "the server's source and an SDK", open: 'the headers of its limit' },
  notes: [
    'With a secret of the webhook, what a campaign sends is refused: Mautic signs webhooks, and no campaigns. Leave it out for those.',
    'A campaign takes every answer but 200 and 201 for a failure: what Usher queues (202) may be sent again, which does no harm.',
    "A contact that was merged answers under the other's id. Usher refuses that, and leaves the user of one that was deleted as it is.",
    'Mautic sends what Usher writes back; that ends after one pass. The password has to be of ASCII characters, without spaces.',
  ],
  setup: (webhookUrl) => [
    'In Mautic, under Configuration > API Settings, switch on the API and HTTP basic auth.',
    'Under Roles and Users, make a user who may view and edit contacts: `usher connect` asks for its name and password.',
    'Under Webhooks press New. Events: "Contact Updated Event" and "Contact Identified Event".',
    `URL: ${webhookUrl}`,
    'Its secret is the one that `usher connect` asks for.',
    'In a campaign instead: the action "Send a webhook", method POST, data contact_id with the value {contactfield=id}.',
  ],
};
