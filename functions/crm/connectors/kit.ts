import * as z from 'zod/mini';
import {
  type Connector,
  type Contact,
  type ContactKey,
  type CrmAnswer,
  cleanTags,
  type Meaning,
  mapped,
} from '../connector.ts';
import type { Conversation, CrmRequest } from '../conversation.ts';
import { ContactNotFound } from '../crm-errors.ts';
import { isTimedHmac } from '../hmac.ts';
import { kitLists } from '../lists/kit.ts';
import { loadFound } from '../load-found.ts';
import { type Path, path } from '../path.ts';
import { listOf, notEmpty, textOrNone } from '../schemas.ts';
import { braces } from '../template-forms.ts';

const subscriber = z.looseObject({
  id: z.int().check(z.positive()),
  email_address: z.nullable(z.string()),
  first_name: z.nullable(z.string()),
  fields: z.record(z.string(), z.unknown()),
});
const hits = z.object({ subscribers: listOf(z.object({ id: z.int().check(z.positive()) })) });
const tags = z.object({ tags: listOf(z.object({ name: z.string() })) });
const customFields = z.object({ custom_fields: listOf(z.object({ key: z.string() })) });
const end = z.object({ has_next_page: z.boolean(), end_cursor: textOrNone });
const warned = z.object({ warnings: z.tuple([z.unknown()], z.unknown()) });
const nobody = z.object({ subscriber: z.optional(z.undefined()) });
/** Purchases of the older webhooks, and whatever event of the newer ones is about no subscriber. */
const others = z.union([
  z.extend(nobody, { transaction_id: z.unknown() }),
  z.object({ type: z.string(), data: nobody }),
]);

/** What every subscriber has. A custom field with such a key is read and written as `fields.<key>`. */
const standard = ['id', 'email_address', 'first_name', 'state', 'created_at', 'canceled_at'];
const nameOf = (key: string) => (standard.includes(key) ? `fields.${key}` : key);

/** All pages of a list. One that says that it goes on with itself is the last. */
function* pagesOf(list: Path, after?: string): Conversation<unknown[]> {
  const query = { per_page: '1000', ...(after !== undefined && { after }) };
  const answer = yield { method: 'GET', path: list, query };
  const { pagination } = z.object({ pagination: end }).parse(answer);
  const next = pagination.has_next_page ? notEmpty.parse(pagination.end_cursor) : after;
  return [answer, ...(next === after ? [] : yield* pagesOf(list, next))];
}

function* read(id: string): Conversation<z.infer<typeof subscriber>> {
  const answer = yield { method: 'GET', path: path`subscribers/${id}` };
  return z.object({ subscriber }).parse(answer).subscriber;
}

/** A list may be five minutes behind, with the tags that it would include: of a search only the ids count. */
function* load(key: ContactKey): Conversation<Contact[]> {
  if ('email' in key) {
    const query = { email_address: key.email, status: 'all' };
    const { subscribers } = hits.parse(yield { method: 'GET', path: path`subscribers`, query });
    return yield* loadFound(subscribers, (id) => load({ id }));
  }
  const { fields: custom, ...own } = yield* read(key.id);
  const named = Object.entries(custom).map(([name, value]) => [nameOf(name), value] as const);
  const pages = yield* pagesOf(path`subscribers/${key.id}/tags`);
  return [
    {
      id: String(own.id),
      email: own.email_address ?? undefined,
      fields: new Map([...Object.entries(own), ...named]),
      tags: cleanTags(pages.flatMap((page) => tags.parse(page).tags.map(({ name }) => name))),
    },
  ];
}

/** A write has to say the address. Whether it may leave the first name out nobody says, so that it says it too. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const { id: found, email_address, first_name } = yield* read(id);
  if (String(found) !== id) throw new ContactNotFound();
  const isOwn = field === 'email_address' || field === 'first_name';
  const pair = Object.fromEntries([[isOwn ? field : field.replace(/^fields\./, ''), value]]);
  const json = { email_address, first_name, ...(isOwn ? pair : { fields: pair }) };
  return yield { method: 'PUT', path: path`subscribers/${id}`, body: { json } };
}

/** A custom field that does not exist is left out of a write, with a success and a warning. */
const meaning = ({ body }: CrmAnswer, { method }: CrmRequest): Meaning | undefined =>
  method === 'PUT' && warned.safeParse(body).success ? 'refused' : undefined;

/** Kit, once ConvertKit. API: https://developers.kit.com/api-reference */
export const kit: Connector = {
  title: 'Kit (ConvertKit)',
  settings: z.object({}),
  secrets: { apiToken: 'API key (V4)', webhookSecret: 'signing secret of the webhook endpoint' },
  webhook: {
    ids: [
      ['subscriber', 'id'],
      ['events', 'data', 'subscriber', 'id'],
    ],
    emails: [['subscriber', 'email_address']],
    isOurs: (event) => !others.safeParse(event).success,
    isSigned: ({ headers, ...sent }, secret) => isTimedHmac(headers['x-kit-signature'], secret, sent),
  },
  templateForms: braces,
  contactId: (text) => (/^[1-9]\d{0,15}$/.test(text) ? text : undefined),
  api: () => ({
    baseUrl: 'https://api.kit.com/v4/',
    authorise: (request, { apiToken }) => ({ ...request, headers: { 'x-kit-api-key': apiToken } }),
    load,
    write,
    lists: kitLists,
    *check() {
      yield { method: 'GET', path: path`account` };
    },
    *fields() {
      const pages = yield* pagesOf(path`custom_fields`);
      const keys = pages.flatMap((page) => customFields.parse(page).custom_fields.map(({ key }) => key));
      return [...standard, ...keys.map(nameOf)];
    },
    meaning,
  }),
  // 120 a minute.
  limits: { perSecond: 2 },
  defaultFields: {
    user_email: mapped('email_address'),
    first_name: mapped('first_name'),
    last_name: mapped('last_name'),
  },
  known: {
    tags: 'tags',
    checked: "the vendor's OpenAPI document",
    open: 'whether a write may leave the first name out: it is written as it was read',
  },
  notes: [
    'Who has unsubscribed is still a subscriber with tags; the field `state` tells. A deleted one is gone.',
    'Only webhook endpoints are signed, each with a secret of its own: with a secret stored, webhooks of rules are refused.',
    'Kit calls back for a field that Usher writes only where a webhook was made for that field; the second pass changes nothing.',
  ],
  setup: (webhookUrl) => [
    'In Kit, open "Automate", "Rules" and make a rule: as its trigger the event, as its action "Send webhook".',
    `URL: ${webhookUrl}`,
    'Or open https://app.kit.com/webhooks, create an endpoint with this URL and choose events of subscribers.',
    'What such an endpoint shows as its signing secret, "usher connect" takes.',
  ],
};
