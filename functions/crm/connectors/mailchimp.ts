import * as z from 'zod/mini';
import { basicAuth } from '../basic-auth.ts';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import type { Conversation } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { isTimedHmac } from '../hmac.ts';
import { mailchimpLists } from '../lists/mailchimp.ts';
import { path } from '../path.ts';
import { described, listOf, matching, notEmpty, textOrNone } from '../schemas.ts';

const tags = listOf(z.object({ name: z.string() }));
const member = z.looseObject({
  contact_id: notEmpty,
  email_address: textOrNone,
  merge_fields: z.looseObject({}),
  tags,
  // Of `tags` there may be a part only.
  tags_count: z.int(),
});
const tagPage = z
  .object({ tags, total_items: z.int() })
  .check(z.refine((page) => page.tags.length > 0 || page.total_items === 0));
const mergeFields = z.object({ merge_fields: listOf(z.object({ tag: z.string(), type: z.string() })) });
const written = z.object({ merge_fields: z.looseObject({}) });

const standardFields =
  'contact_id email_address full_name status language vip id unique_email_id last_changed timestamp_opt source'.split(
    ' ',
  );
/** Those that are written as they are; everything else is a merge field. */
const writableFields = ['email_address', 'language'];
const addressParts = ['addr1', 'addr2', 'city', 'state', 'zip', 'country'];

function* allTags(id: string): Conversation<string[]> {
  const names: string[] = [];
  for (let total = 1; names.length < total; ) {
    const query = { count: '1000', offset: String(names.length) };
    const page = tagPage.parse(yield { method: 'GET', path: path`members/${id}/tags`, query });
    names.push(...page.tags.map(({ name }) => name));
    total = page.total_items;
  }
  return names;
}

/** An address has parts, each of them a field: `ADDRESS.city`. */
function withParts(name: string, value: unknown): [name: string, value: unknown][] {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [[name, value], ...parts.map(([part, inner]): [string, unknown] => [`${name}.${part}`, inner])];
}

/** The path takes a `contact_id`, an address, or the hash of one. */
function* load(key: ContactKey): Conversation<Contact[]> {
  const query = { exclude_fields: '_links' };
  const answer = yield { method: 'GET', path: path`members/${'id' in key ? key.id : key.email}`, query };
  const { merge_fields, tags, tags_count, ...standard } = member.parse(answer);
  const { contact_id: id, email_address } = standard;
  const merged = Object.entries(merge_fields).flatMap(([name, value]) => withParts(name, value));
  const names = tags.length < tags_count ? yield* allTags(id) : tags.map(({ name }) => name);
  const fields = new Map([...Object.entries(standard), ...merged]);
  return [{ id, email: email_address ?? undefined, fields, tags: cleanTags(names) }];
}

/** A merge field that the audience does not have is skipped without a word: the answer tells. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const pair = Object.fromEntries([[field, value]]);
  const isStandard = writableFields.includes(field);
  const body = { json: isStandard ? pair : { merge_fields: pair } };
  const query = { skip_merge_validation: 'true' };
  const answer = yield { method: 'PATCH', path: path`members/${id}`, query, body };
  const isKept = isStandard || Object.hasOwn(written.parse(answer).merge_fields, field);
  if (!isKept) throw new CrmWriteRefused();
  return answer;
}

const audience = matching(/^[0-9a-z]{6,12}$/);
const dataCenter = matching(/^[a-z]{2}\d{1,3}$/);

/** Mailchimp. API: https://mailchimp.com/developer/marketing/api/ */
export const mailchimp: Connector<{ audience: string; dataCenter: string }> = {
  title: 'Mailchimp',
  settings: z.object({
    audience: described(
      audience,
      'The audience ID (`a1b2c3d4e5`): Audience > Settings > Audience name and defaults',
    ),
    dataCenter: described(dataCenter, 'What stands behind the dash of the API key (`us21`)'),
  }),
  secrets: { apiToken: 'API key', webhookSecret: "the webhook's signing secret, where it has one" },
  webhook: {
    // Not `data[id]`, which the API does not take. What a journey calls `contact_id` is an address.
    ids: [],
    emails: [['data', 'new_email'], ['data', 'email'], ['email'], ['contact_id']],
    isOurs: (event) => Object(event).type !== 'campaign',
    // https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/
    isSigned: ({ headers, ...sent }, secret) => isTimedHmac(headers['x-mailchimp-signature'], secret, sent),
    isProbed: true,
  },
  templateForms: [['*|', '|*']],
  contactId: (text) => (/^[0-9a-f]{32}$/i.test(text) ? text.toLowerCase() : undefined),
  api: ({ audience, dataCenter }) => ({
    baseUrl: `https://${dataCenter}.api.mailchimp.com/3.0/lists/${audience}/`,
    authorise: (request, { apiToken }) => ({
      ...request,
      headers: { authorization: basicAuth('usher', apiToken) },
    }),
    load,
    write,
    // Of the audience: a ping would prove the key only.
    lists: mailchimpLists,
    *check() {
      yield { method: 'GET', path: path`merge-fields`, query: { count: '1' } };
    },
    *fields() {
      const answer = yield { method: 'GET', path: path`merge-fields`, query: { count: '1000' } };
      const parts = (tag: string) => [tag, ...addressParts.map((part) => `${tag}.${part}`)];
      const all = mergeFields.parse(answer).merge_fields;
      return [...standardFields, ...all.flatMap(({ tag, type }) => (type === 'address' ? parts(tag) : tag))];
    },
    // A throttled call gets a 403 that is no JSON.
    meaning: ({ status, body }) =>
      status === 403 && body === undefined ? { limited: undefined } : undefined,
  }),
  defaultFields: {
    user_email: mapped('email_address'),
    first_name: mapped('FNAME'),
    last_name: mapped('LNAME'),
    phone: mapped('PHONE'),
    city: mapped('ADDRESS.city'),
    country: mapped('ADDRESS.country'),
  },
  known: {
    tags: 'tags',
    checked: "the vendor's OpenAPI document and SDK",
    open: 'how many tags come with a contact: where it has more, they are asked for; whether the members of a segment come with their `contact_id`: where not, each is asked for',
  },
  notes: [
    'Fields are called by their merge tags (`FNAME`), parts of an address by `ADDRESS.city`. A merge field holds at most 255 characters.',
    'A contact that unsubscribed or was archived is still there: `status` says so. One that was deleted for good is not.',
    'The contact is known by its `contact_id`, which stays when the address changes.',
    'An audience webhook on changes by the API is called by a field that Usher writes, too; that ends after one pass.',
  ],
  setup: (webhookUrl) => [
    'In Mailchimp, open Audience > Settings > Webhooks and press "Create new webhook".',
    `URL: ${webhookUrl}`,
    'Tick subscribes, unsubscribes, profile updates, cleaned addresses and email changes; leave campaign sending out.',
    'Of who makes the change, tick subscribers and account admins, and leave the API out. Save: Mailchimp tries the URL.',
    'Changed tags do not call it. For them build an automation flow that starts with "Tag added" and has a webhook step with the URL.',
  ],
};
