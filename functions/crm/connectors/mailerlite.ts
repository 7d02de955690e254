import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import { type Conversation, type CrmRequest, mostPages } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { isHmac } from '../hmac.ts';
import { mailerliteLists } from '../lists/mailerlite.ts';
import { path } from '../path.ts';
import { digits, listOf, textOrNone } from '../schemas.ts';
import { braces } from '../template-forms.ts';

const groups = listOf(z.object({ name: z.string() }));
const subscriber = z.looseObject({
  // Of 17 digits and more: as a number it would lose the last ones.
  id: digits,
  email: textOrNone,
  fields: z.looseObject({}),
  groups,
});
const whole = z.object({ data: subscriber });
/** Lists leave the groups out, unless they are asked for. Where a single answer did, too, it is asked for once more. */
const lean = z.object({ data: z.extend(subscriber, { groups: z.optional(groups) }) });
const written = z.object({ data: z.object({ fields: z.looseObject({}) }) });
const fieldPage = z.object({
  data: listOf(z.object({ key: z.string() })),
  meta: z.object({ last_page: z.int() }),
});

const standardFields = `id email status source sent opens_count clicks_count ip_address subscribed_at
  unsubscribed_at created_at updated_at opted_in_at optin_ip`.split(/\s+/);

/** The path takes an id or an address. */
function* load(key: ContactKey): Conversation<Contact[]> {
  const ask: CrmRequest = { method: 'GET', path: path`subscribers/${'id' in key ? key.id : key.email}` };
  const { data: first } = lean.parse(yield ask);
  const { groups, fields, ...standard } =
    first.groups === undefined
      ? whole.parse(yield { ...ask, query: { include: 'groups' } }).data
      : { ...first, groups: first.groups };
  return [
    {
      id: standard.id,
      email: standard.email ?? undefined,
      // A field of the account's own hides none of these, above all not the address.
      fields: new Map([...Object.entries(fields), ...Object.entries(standard)]),
      tags: cleanTags(groups.map(({ name }) => name)),
    },
  ];
}

/** Whether a field that is not there is refused or skipped nobody documents: the answer tells. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const body = { json: { fields: Object.fromEntries([[field, value]]) } };
  const answer = yield { method: 'PUT', path: path`subscribers/${id}`, body };
  if (!Object.hasOwn(written.parse(answer).data.fields, field)) throw new CrmWriteRefused();
  return answer;
}

function* listFields(): Conversation<string[]> {
  const names = [...standardFields];
  for (let page = 1, last = 1; page <= Math.min(last, mostPages); page += 1) {
    const query = { limit: '100', page: String(page) };
    const { data, meta } = fieldPage.parse(yield { method: 'GET', path: path`fields`, query });
    names.push(...data.map(({ key }) => key));
    last = meta.last_page;
  }
  return names;
}

/** Flat events say `event`, those of groups and automations `type`. Events of campaigns have ids of their own. */
function isOurs(event: unknown): boolean {
  const { type, event: name = type } = Object(event);
  return name === undefined || String(name).startsWith('subscriber.');
}

/** MailerLite, not its classic version. API: https://developers.mailerlite.com/docs */
export const mailerlite: Connector = {
  title: 'MailerLite',
  settings: z.object({}),
  secrets: { apiToken: 'API token', webhookSecret: "the webhook's secret" },
  webhook: {
    ids: [
      ['subscriber', 'id'],
      ['id'],
      ['events', 'subscriber', 'id'],
      ['events', 'id'],
      ['events', 'data', 'subscriber', 'id'],
    ],
    emails: [
      ['subscriber', 'email'],
      ['events', 'subscriber', 'email'],
    ],
    isOurs,
    isSigned: ({ headers, body }, secret) => isHmac(headers['signature'], secret, [body]),
    // The sender waits for three seconds.
    responseBudgetMs: 2500,
  },
  templateForms: braces,
  contactId: (text) => (/^[1-9]\d{0,18}$/.test(text) ? text : undefined),
  api: () => ({
    baseUrl: 'https://connect.mailerlite.com/api/',
    authorise: (request, { apiToken }) => ({ ...request, headers: { authorization: `Bearer ${apiToken}` } }),
    load,
    write,
    lists: mailerliteLists,
    *check() {
      yield { method: 'GET', path: path`subscribers`, query: { limit: '0' } };
    },
    fields: listFields,
  }),
  limits: { perSecond: 2 },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('name'),
    last_name: mapped('last_name'),
    phone: mapped('phone'),
    company: mapped('company'),
    country: mapped('country'),
    city: mapped('city'),
  },
  known: {
    tags: 'groups, by their names',
    checked: "the vendor's SDK and documentation",
    open: 'whether a single subscriber always comes with groups: where it does not, they are asked for once more; whether a webhook made in the browser shows its secret; whether the list of a group has those who are not active',
  },
  notes: [
    "A user's tags are the names of the subscriber's groups.",
    'Fields are called by their keys (`last_name`), which MailerLite makes of the names that they were created with.',
    'Who unsubscribed or bounced is still there: `status` says so. Who was deleted or forgotten is not.',
    'A webhook on "subscriber updated" is called by a field that Usher writes, too; that ends after one pass.',
  ],
  setup: (webhookUrl) => [
    'In MailerLite, open Integrations > Webhooks and press "Create webhook" (or POST /api/webhooks).',
    `URL: ${webhookUrl}`,
    'Events: subscriber created, subscriber updated, subscriber added to group, subscriber removed from group.',
    'Save. Where a secret is shown, give it to "npx usher connect": then bodies without its signature are refused.',
  ],
};
