import * as z from 'zod/mini';
import { basicAuth } from '../basic-auth.ts';
import {
  type Connector,
  type Contact,
  type ContactKey,
  type CrmAnswer,
  cleanTags,
  type Meaning,
  mapped,
} from '../connector.ts';
import { type Conversation, remembered } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { addUnset } from '../field-names.ts';
import { siteUrl } from '../host.ts';
import { fluentcrmLists } from '../lists/fluentcrm.ts';
import { path } from '../path.ts';
import { described, digits, listOf, textOrNone } from '../schemas.ts';
import { braces } from '../template-forms.ts';

const answer = z.object({
  subscriber: z.looseObject({
    id: z.union([z.int(), digits]),
    email: textOrNone,
    tags: listOf(z.object({ title: z.string() })),
    // They are asked for: an answer without them is none, and not one in which they are empty.
    custom_values: z.union([z.record(z.string(), z.unknown()), z.tuple([])]),
  }),
});
const definitions = z.object({ fields: listOf(z.object({ slug: z.string() })) });

/** Fields that stand beside the custom ones, and can be written. */
const words =
  'prefix first_name last_name phone address_line_1 address_line_2 city state postal_code country timezone';
const standardFields = [...words.split(' '), 'date_of_birth', 'source'];
/** Those that are only read. */
const readOnlyFields =
  'id user_id email full_name status contact_type life_time_value total_points created_at last_activity'.split(
    ' ',
  );

/** By an address at the id 0, which nobody has. The plug-in says by 422 that there is no such contact. */
function* load(key: ContactKey): Conversation<Contact[]> {
  const query: [string, string][] = [['with[]', 'subscriber.custom_values']];
  if ('email' in key) query.unshift(['get_by_email', key.email]);
  const id = 'id' in key ? key.id : '0';
  const request = { method: 'GET', path: path`subscribers/${id}`, query, missing: [422] } as const;
  const { tags, custom_values, lists: _lists, ...standard } = answer.parse(yield request).subscriber;
  const fields = new Map<string, unknown>(Object.entries(standard));
  for (const [slug, value] of Object.entries(custom_values)) addUnset(fields, slug, value);
  const cleaned = cleanTags(tags.map(({ title }) => title));
  return [{ id: String(standard.id), email: standard.email ?? undefined, fields, tags: cleaned }];
}

function* customFields(): Conversation<string[]> {
  const { fields } = definitions.parse(yield { method: 'GET', path: path`custom-fields/contacts` });
  return fields.map(({ slug }) => slug);
}

/** What is written to a field that is not there, the plug-in keeps and shows to nobody: look first. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const isThere = (known: readonly string[]) => standardFields.includes(field) || known.includes(field);
  if (!isThere(yield* remembered('fields', customFields, isThere))) throw new CrmWriteRefused();
  const written = Object.fromEntries([[field, value]]);
  const subscriber = standardFields.includes(field) ? written : { custom_values: written };
  return yield { method: 'PUT', path: path`subscribers/${id}`, body: { json: { subscriber } } };
}

/** A 404 of WordPress itself has a code: the plug-in is switched off, or the URL is wrong. That says nothing of any contact. */
const ofWordPress = z.object({ code: z.string() });
const meaning = ({ status, body }: CrmAnswer): Meaning | undefined =>
  status === 404 && ofWordPress.safeParse(body).success ? 'invalid' : undefined;

/** FluentCRM, a plug-in of WordPress. API: https://developers.fluentcrm.com/rest-api/ */
export const fluentcrm: Connector<{ url: string }> = {
  title: 'FluentCRM',
  settings: z.object({
    url: described(siteUrl, 'Where WordPress stands: `https://www.example.com`'),
  }),
  secrets: { user: 'API username', apiToken: 'API password' },
  webhook: { ids: [['id'], ['contact_id']], emails: [['email']] },
  templateForms: braces,
  contactId: (text) => (/^[1-9]\d{0,15}$/.test(text) ? text : undefined),
  api: ({ url }) => ({
    baseUrl: `${url}/wp-json/fluent-crm/v2/`,
    authorise: (request, { user, apiToken }) => ({
      ...request,
      headers: { authorization: basicAuth(user, apiToken) },
    }),
    load,
    write,
    lists: fluentcrmLists,
    *check() {
      yield { method: 'GET', path: path`tags`, query: { per_page: '1' } };
    },
    *fields() {
      return [...standardFields, ...readOnlyFields, ...(yield* customFields())];
    },
    meaning,
  }),
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('first_name'),
    last_name: mapped('last_name'),
    display_name: mapped('full_name'),
    phone: mapped('phone'),
    country: mapped('country'),
    region: mapped('state'),
    city: mapped('city'),
    birthday: mapped('date_of_birth', 'date'),
  },
  known: {
    tags: 'tags, by their titles',
    checked: "the plug-in's source and the vendor's OpenAPI document",
    open: 'what a site makes of it whose other plug-ins change the REST API',
  },
  notes: [
    'The site needs permalinks other than "Plain". A plug-in or a cache that answers with a page, or writes before the JSON, is in the way:',
    'such an answer changes nothing, and is asked for again. So is one of a site whose FluentCRM is switched off.',
    'Times (`created_at`) are those of the site, without their zone: map them as `text`, or as `datetime` where the site runs in UTC.',
    'A contact that was deleted is not there any more: its user stays as it is. FluentCRM knows of no merging.',
    'An automation that starts with a change of the contact sends what Usher writes back; that ends after one pass.',
  ],
  setup: (webhookUrl) => [
    'In FluentCRM, under Settings > Managers, add a manager who may "Contacts Read", "Contacts Add/Update/Import",',
    '"Contact Tags/List/Companies/Segment Create or Update" and "Manage CRM Settings".',
    'Under Settings > REST API press "Add New Key" for this manager. Leave the spaces of the API password out.',
    'Under Automations, open the funnel and add the action "Outgoing Webhook". Method: POST. Format: JSON.',
    `URL: ${webhookUrl}`,
    'Body: "Full Subscriber Data (Raw)". With a body of one\'s own: contact_id with the value {{contact.id}}.',
  ],
};
