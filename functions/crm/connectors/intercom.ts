import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import type { Conversation, CrmRequest } from '../conversation.ts';
import { isHmac } from '../hmac.ts';
import { intercomLists } from '../lists/intercom.ts';
import { type Path, path } from '../path.ts';
import { described, listOf, notEmpty, textOrNone } from '../schemas.ts';
import { addSplitName } from '../split-name.ts';
import { braces } from '../template-forms.ts';

const anything = z.nullish(z.record(z.string(), z.unknown()));
const contact = z.looseObject({
  id: notEmpty,
  email: textOrNone,
  name: textOrNone,
  location: anything,
  custom_attributes: anything,
});
type Found = z.infer<typeof contact>;
const found = z.object({ data: listOf(contact) });
const tags = z.object({ data: listOf(z.object({ name: z.string() })) });
const attribute = z.object({ name: z.string(), full_name: textOrNone, custom: z.nullish(z.boolean()) });
const attributes = z.object({ data: listOf(attribute) });

/** Fields that `PUT contacts/{id}` takes at its top. Every other one is a custom attribute. */
const writable = ['email', 'name', 'phone', 'external_id'];
/** What every contact has. The list of attributes knows some of it by other names. */
const standard = `id role first_name last_name owner_id created_at updated_at signed_up_at last_seen_at
  unsubscribed_from_emails location.country location.region location.city`.split(/\s+/);

/** A merged contact is a 404 in the version that is asked for, and a 410 in later ones. */
const missing = [410];
const get = (target: Path): CrmRequest => ({ method: 'GET', path: target, missing });

function fieldsOf({ location, custom_attributes, ...flat }: Found): Map<string, unknown> {
  // Lists are of other things, and hold only the first of them.
  const plain = Object.entries(flat).filter(([, value]) => value === null || typeof value !== 'object');
  const place = Object.entries(location ?? {}).map(([name, value]) => [`location.${name}`, value] as const);
  // Of one name, the later counts.
  const fields = new Map<string, unknown>([...Object.entries(custom_attributes ?? {}), ...place, ...plain]);
  addSplitName(fields, flat.name);
  return fields;
}

/** A contact's answer has ids of ten tags at most. */
function* withTags(one: Found): Conversation<Contact> {
  const { data } = tags.parse(yield get(path`contacts/${one.id}/tags`));
  const names = cleanTags(data.map(({ name }) => name));
  return { id: one.id, email: one.email ?? undefined, fields: fieldsOf(one), tags: names };
}

function* load(key: ContactKey): Conversation<Contact[]> {
  if ('id' in key) return [yield* withTags(contact.parse(yield get(path`contacts/${key.id}`)))];
  const query = { field: 'email', operator: '=', value: key.email };
  const body = { json: { query, pagination: { per_page: 50 } } };
  const { data } = found.parse(yield { method: 'POST', path: path`contacts/search`, body, reads: true });
  const same = data.filter(({ email }) => email?.toLowerCase() === key.email.toLowerCase());
  // Leads may have the address of a user, and several users the same one.
  const rank = ({ role, created_at }: Found) => (role === 'user' ? 1e12 : 0) + Number(created_at ?? 0);
  const [best] = same.sort((one, other) => rank(other) - rank(one));
  return best ? [yield* withTags(best)] : [];
}

function* write(id: string, field: string, value: string): Conversation<unknown> {
  const given = Object.fromEntries([[field, value]]);
  const json = writable.includes(field) ? given : { custom_attributes: given };
  return yield { method: 'PUT', path: path`contacts/${id}`, body: { json }, missing };
}

const hosts = { us: 'api.intercom.io', eu: 'api.eu.intercom.io', au: 'api.au.intercom.io' };
const item = ['data', 'item'];
const notification = z.object({ topic: z._default(z.string(), 'contact.typed') });

/** Intercom. API: https://developers.intercom.com/docs/references/rest-api/api.intercom.io */
export const intercom = {
  title: 'Intercom',
  settings: z.object({
    region: described(z._default(z.enum(['us', 'eu', 'au']), 'us'), 'Where the data is: `us`, `eu` or `au`'),
  }),
  secrets: { apiToken: 'access token', webhookSecret: 'client secret' },
  webhook: {
    ids: [[...item, 'contact', 'id'], [...item, 'user', 'id'], [...item, 'id'], ['contact_id']],
    emails: [[...item, 'email']],
    // An app has one URL for all its topics: conversations, companies, and a ping when it is saved.
    isOurs: (event) => /^(contact|user)\./.test(notification.parse(event).topic),
    isSigned: ({ headers, body }, secret) =>
      isHmac(headers['x-hub-signature']?.replace(/^sha1=/, ''), secret, [body], { algorithm: 'sha1' }),
    isProbed: true,
  },
  templateForms: braces,
  contactId: (text) => (/^[0-9a-f]{24}$/i.test(text) ? text.toLowerCase() : undefined),
  api: ({ region }) => ({
    baseUrl: `https://${hosts[region]}/`,
    authorise: (request, { apiToken }) => ({
      ...request,
      headers: { authorization: `Bearer ${apiToken}`, 'intercom-version': '2.14' },
    }),
    load,
    write,
    lists: intercomLists,
    *check() {
      yield get(path`me`);
    },
    *fields() {
      const query = { model: 'contact' };
      const { data } = attributes.parse(yield { ...get(path`data_attributes`), query });
      const names = data.map(({ name, full_name, custom }) => (custom ? name : (full_name ?? name)));
      return [...writable, ...standard, ...names];
    },
  }),
  limits: {
    perSecond: 166,
    // Of ten seconds, and the time when they are over.
    named: ({ 'x-ratelimit-limit': limit, 'x-ratelimit-reset': reset }, now) => ({
      ...(limit && { perSecond: Number(limit) / 10 }),
      ...(reset && { seconds: Math.max(0, Math.ceil(Number(reset) - now.getTime() / 1000)) }),
    }),
  },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('first_name'),
    last_name: mapped('last_name'),
    display_name: mapped('name'),
    phone: mapped('phone'),
    country: mapped('location.country'),
    region: mapped('location.region'),
    city: mapped('location.city'),
  },
  known: {
    tags: 'tags',
    checked: "the vendor's OpenAPI document and SDK",
    open: 'what is answered for a contact that was archived',
  },
  notes: [
    'First and last name are the first word of `name` and the rest, unless the workspace has attributes of these names.',
    'Times are seconds since 1970: map them as `integer`. Of several contacts with one address the newest user counts.',
    'A contact that was merged into another, or deleted, is not found any more; the other one calls under its own id.',
    'Intercom calls after our own writes, too: that ends after one more pass, which changes nothing.',
  ],
  setup: (webhookUrl) => [
    'In Intercom, open Settings > Integrations > Developer Hub, and open or make an app for this workspace.',
    'Configure > Authentication has the access token, Basic information the client secret that signs webhooks.',
    'Open Configure > Webhooks. An app has one URL, so its action has to fit all topics.',
    `URL: ${webhookUrl}`,
    'Topics: contact.user.created, contact.user.updated, contact.user.tag.created, contact.user.tag.deleted.',
    'Save: Intercom tries the URL out first.',
  ],
} satisfies Connector<{ region: keyof typeof hosts }>;
