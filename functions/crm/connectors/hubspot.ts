import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import { type Conversation, remembered } from '../conversation.ts';
import { isHmac, isRecent } from '../hmac.ts';
import { hubspotLists } from '../lists/hubspot.ts';
import { path } from '../path.ts';
import { described, digits, listOf, matching, notEmpty, readAs } from '../schemas.ts';
import { braces } from '../template-forms.ts';

/** What is asked for and empty is null; what the account does not have is absent. */
const text = z.nullable(z.string());
const email = readAs(z.optional(text), (given) => given ?? undefined);
const record = z.object({ id: digits, properties: z.looseObject({ email }) });
const memberships = z.object({ results: listOf(z.object({ listId: notEmpty })) });
const list = z.object({ listId: z.string(), name: z.string() });
const page = z.object({ lists: listOf(list), hasMore: z.boolean(), offset: z.int() });
const property = z.object({ name: z.string(), type: z.optional(text), fieldType: z.optional(text) });
const source = matching(/^[a-z][a-z0-9_]*$/);

/** The names of all lists by their ids, from an offset on. */
function* readLists(offset = 0): Conversation<ReadonlyMap<string, string>> {
  const json = { offset, count: 500, additionalProperties: [] };
  const answer = yield { method: 'POST', path: path`crm/v3/lists/search`, body: { json }, reads: true };
  const { lists, hasMore, offset: next } = page.parse(answer);
  const further = hasMore ? yield* readLists(next) : [];
  return new Map([...lists.map(({ listId, name }) => [listId, name] as const), ...further]);
}

function* listsOf(id: string): Conversation<string[]> {
  const answer = yield { method: 'GET', path: path`crm/v3/lists/records/0-1/${id}/memberships` };
  const ids = memberships.parse(answer).results.map(({ listId }) => listId);
  const names = yield* remembered('lists', readLists, (known) => ids.every((one) => known.has(one)));
  return ids.map((one) => z.string().parse(names.get(one)));
}

/** What the account says of each property, by its internal name. */
function* readProperties(): Conversation<ReadonlyMap<string, z.infer<typeof property>>> {
  const query = { archived: 'false' };
  const answer = yield { method: 'GET', path: path`crm/v3/properties/contacts`, query };
  const { results } = z.object({ results: listOf(property) }).parse(answer);
  return new Map(results.map((one) => [one.name, one]));
}

const isInteger = (text: string) => text.length <= 16 && /^-?\d{1,15}$/.test(text);
const isUnclear = (text: string) => text.includes(';') || text.includes(',') || isInteger(text);
/** Every value is a text: whether ticked boxes or the milliseconds of a date, only its property tells. */
function* readFields(texts: object, wanted: readonly string[]): Conversation<Map<string, unknown>> {
  const fields = new Map<string, unknown>(Object.entries(texts));
  const unclear = wanted.filter((name) => isUnclear(String(fields.get(name))));
  const known =
    unclear.length > 0
      ? yield* remembered('properties', readProperties, (all) => unclear.every((name) => all.has(name)))
      : new Map<string, never>();
  for (const name of unclear) {
    const [value, { type, fieldType } = {}] = [String(fields.get(name)), known.get(name)];
    if (fieldType === 'checkbox') fields.set(name, value.split(';'));
    if (type?.startsWith('date') && isInteger(value)) fields.set(name, new Date(Number(value)).toISOString());
  }
  return fields;
}

function* load(key: ContactKey, wanted: readonly string[], from: string): Conversation<Contact[]> {
  const [one, by] = 'id' in key ? [key.id, []] : [key.email, Object.entries({ idProperty: 'email' })];
  const names = new Set(['email', 'hs_merged_object_ids', ...(from === 'lists' ? [] : [from]), ...wanted]);
  const query = [...by, ...[...names].map((name): [string, string] => ['properties', name])];
  const answer = yield { method: 'GET', path: path`crm/v3/objects/contacts/${one}`, query };
  const { id, properties } = record.parse(answer);
  const isAlias = 'id' in key && String(properties['hs_merged_object_ids']).split(';').includes(key.id);
  const tags = from === 'lists' ? yield* listsOf(id) : text.parse(properties[from])?.split(';');
  const fields = yield* readFields(properties, wanted);
  return [{ id: isAlias ? key.id : id, email: properties.email, fields, tags: cleanTags(tags ?? []) }];
}

/** Events of other objects are none of ours, nor is that of a contact's company, which has no id. Some workflows say no type. */
function isOurs(event: unknown): boolean {
  const { subscriptionType, object, objectTypeId } = Object(event);
  if (objectTypeId !== undefined) return objectTypeId === '0-1';
  if (subscriptionType !== undefined) return /^contact\.(?!associationChange$)/.test(subscriptionType);
  return (Object(object).objectType ?? 'CONTACT') === 'CONTACT';
}

/** HubSpot. API: https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide */
export const hubspot = {
  title: 'HubSpot',
  settings: z.object({
    tagsFrom: described(z._default(source, 'lists'), '`lists`, or the internal name of a checkbox property'),
  }),
  secrets: { apiToken: 'access token of the private app', webhookSecret: 'client secret of the private app' },
  webhook: {
    ids: [['newObjectId'], ['objectId'], ['hs_object_id'], ['vid'], ['object', 'objectId']],
    emails: [['properties', 'email', 'value'], ['email']],
    isOurs,
    isSigned: ({ method, url, headers, body, now }, secret) => {
      const { 'x-hubspot-request-timestamp': time = '', 'x-hubspot-signature-v3': given } = headers;
      // The vendor's document decodes these before the URL is signed, its SDK does not.
      const plain = url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent);
      const fits = (uri: string) => isHmac(given, secret, [method, uri, body, time], { encoding: 'base64' });
      return isRecent(Number(time), now) && [url, plain].some(fits);
    },
  },
  templateForms: braces,
  contactId: (id) => (/^[1-9]\d{0,18}$/.test(id) ? id : undefined),
  api: ({ tagsFrom }) => ({
    baseUrl: 'https://api.hubapi.com/',
    authorise: (request, { apiToken: key }) => ({ ...request, headers: { authorization: `Bearer ${key}` } }),
    load: (key, wanted) => load(key, wanted, tagsFrom),
    *write(id, field, value) {
      const json = { properties: Object.fromEntries([[field, value]]) };
      return yield { method: 'PATCH', path: path`crm/v3/objects/contacts/${id}`, body: { json } };
    },
    lists: hubspotLists(tagsFrom),
    *check() {
      yield { method: 'GET', path: path`account-info/v3/details` };
    },
    *fields() {
      return (yield* readProperties()).keys();
    },
  }),
  limits: {
    perSecond: 10,
    named({ 'x-hubspot-ratelimit-max': calls, 'x-hubspot-ratelimit-interval-milliseconds': ms }) {
      return Number(calls) > 0 && Number(ms) > 0 ? { perSecond: (Number(calls) / Number(ms)) * 1000 } : {};
    },
  },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('firstname'),
    last_name: mapped('lastname'),
    phone: mapped('phone'),
    company: mapped('company'),
    city: mapped('city'),
    region: mapped('state'),
    country: mapped('country'),
  },
  known: {
    tags: 'lists, or the options of a property of checkboxes',
    checked: "the vendor's OpenAPI documents and SDK",
    open: 'whether the old id of a merged contact answers; whether workflows sign as subscriptions do',
  },
  notes: [
    'Scopes: `crm.objects.contacts.read`, `crm.lists.read`, `crm.schemas.contacts.read`, and `crm.objects.contacts.write` to write fields.',
    'The old id of a merged contact stays good for what it was merged into; a deleted one is gone. Only the first address of a contact finds it. Where a subscription hears of a written field, its second pass changes nothing.',
  ],
  setup: (webhookUrl) => [
    'In HubSpot, open the contact-based workflow and add the action "Send a webhook". Method: POST.',
    `URL: ${webhookUrl}`,
    'Request body: "Customize request body", with the property "Record ID" (hs_object_id).',
    'Without workflows: in the private app, open "Webhooks", enter the URL as target and subscribe to events of contacts.',
  ],
} satisfies Connector<{ tagsFrom: string }>;
