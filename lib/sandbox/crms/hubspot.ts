import { createHmac, randomUUID } from 'node:crypto';
import type { Account, AccountField, Contact } from '../account.ts';
import { afterCursor } from '../after-cursor.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { isJsonObject, type Json } from '../json.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

const standard = ['firstname', 'lastname', 'phone', 'mobilephone', 'company', 'jobtitle', 'website'];
const places = ['address', 'city', 'state', 'zip', 'country'];
/** What every contact has, and is answered unless properties are named. */
const basic = ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'];
const others = [...standard, ...places, 'hs_merged_object_ids'];

const types: Record<AccountField['type'], [type: string, fieldType: string]> = {
  text: ['string', 'text'],
  date: ['date', 'date'],
  datetime: ['datetime', 'date'],
  boolean: ['bool', 'booleancheckbox'],
  number: ['number', 'number'],
  integer: ['number', 'number'],
  list: ['enumeration', 'checkbox'],
};
const property = (name: string, label = name, [type, fieldType] = types.text) => ({
  ...{ name, label, type, fieldType, groupName: 'contactinformation', description: '', options: [] },
});

/** Every value is a text, ticked boxes with semicolons between them. */
function textOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  return Array.isArray(value) ? value.join(';') : String(value);
}

/** Only properties that were asked for, null where they are empty; what the account does not have is left out. */
function view(contact: Contact, { query, account }: Pick<Call, 'query' | 'account'>): object {
  const { id, email, custom, person } = contact;
  const { createdAt, updatedAt } = person;
  const times = { createdate: createdAt, lastmodifieddate: updatedAt };
  const values: Record<string, Json> = { ...contact.standard, ...custom, ...times, email, hs_object_id: id };
  const known = new Set([...basic, ...others, ...account.customFields().map(({ name }) => name)]);
  const asked = query.getAll('properties').flatMap((names) => names.split(','));
  const names = [
    ...basic.slice(0, 1),
    'hs_object_id',
    'lastmodifieddate',
    ...(asked.length > 0 ? asked : basic),
  ];
  const properties = names.filter((name) => known.has(name)).map((name) => [name, textOf(values[name])]);
  return { id, properties: Object.fromEntries(properties), createdAt, updatedAt, archived: false };
}

const listOf = ({ id, name }: { id: number; name: string }) => ({
  ...{ listId: String(id), listVersion: 1, name, objectTypeId: '0-1' },
  ...{ processingStatus: 'COMPLETE', processingType: 'MANUAL', additionalProperties: {} },
});

function searchLists({ account, body }: Call): object {
  const { offset = 0, count = 20, listIds = [] } = isJsonObject(body) ? body : {};
  const wanted = Array.isArray(listIds) ? listIds : [];
  const all = account.tags().filter(({ id }) => wanted.length === 0 || wanted.includes(String(id)));
  const next = Number(offset) + Math.min(Number(count), 500);
  const lists = all.slice(Number(offset), next).map(listOf);
  return { offset: Number(offset) + lists.length, hasMore: next < all.length, total: all.length, lists };
}

/** A page behind a cursor. */
function pageOf({ query }: Call, all: readonly Contact[]) {
  const { some, next } = afterCursor(all, query.get('after'), Number(query.get('limit') ?? 10));
  return { some, paging: next === null ? {} : { paging: { next: { after: next, link: '' } } } };
}

const properties = (account: Account) => [
  ...[...new Set([...basic, ...others])].map((name) => property(name)),
  ...account.customFields().map(({ name, title, type }) => property(name, title, types[type])),
];

const errorOf = (message: string, more = {}) => {
  return { status: 'error', message, correlationId: randomUUID(), ...more };
};
const limits = { 'x-hubspot-ratelimit-max': '100', 'x-hubspot-ratelimit-interval-milliseconds': '10000' };

/** The part of https://developers.hubspot.com/docs/api-reference that reads and writes contacts and their lists, version 3. */
export const hubspot: CrmDescription = {
  basePath: '/',
  idOf: (number) => String(500 + number),
  fields: {
    names: { firstName: 'firstname', lastName: 'lastname' },
    standard: [...standard, ...places],
    unknown: 'refused',
  },
  credentials: ({ apiToken }) => ({ headers: { authorization: `Bearer ${apiToken}` } }),
  routes: {
    'GET crm/v3/objects/contacts': (call) => {
      const { some, paging } = pageOf(call, call.account.all());
      return { results: some.map((contact) => view(contact, call)), ...paging };
    },
    'GET crm/v3/lists/{list}/memberships': (call) => {
      const members = call.account
        .all()
        .filter(({ tags }) => tags.some(({ id }) => String(id) === call.values['list']));
      const { some, paging } = pageOf(call, members);
      const added = ({ person }: Contact) => person.updatedAt;
      const results = some.map((contact) => ({ recordId: contact.id, membershipTimestamp: added(contact) }));
      return { results, ...paging };
    },
    'POST crm/v3/objects/contacts/batch/read': ({ account, body }) => {
      const { inputs, properties: asked } = objectAt(body);
      const query = new URLSearchParams({ properties: [asked ?? []].flat().join(',') });
      const ids = [inputs ?? []].flat().map((input) => String(objectAt(input)['id']));
      const found = ids.flatMap((id) => account.find(id) ?? []);
      return { status: 'COMPLETE', results: found.map((contact) => view(contact, { query, account })) };
    },
    'GET crm/v3/objects/contacts/{email}?idProperty=email': (call) => {
      const [found] = call.account.byEmail(String(call.values['email']));
      return found && view(found, call);
    },
    'GET crm/v3/objects/contacts/{id}': (call) => view(call.contact, call),
    'PATCH crm/v3/objects/contacts/{id}': (call) =>
      view(call.account.write(call.contact, objectAt(call.body, 'properties')), call),
    'GET crm/v3/lists/records/0-1/{id}/memberships': ({ contact: { tags, person } }) => {
      const times = { firstAddedTimestamp: person.createdAt, lastAddedTimestamp: person.updatedAt };
      const results = tags.map(({ id }) => ({ listId: String(id), listVersion: 1, ...times }));
      return { total: results.length, results };
    },
    'POST crm/v3/lists/search': searchLists,
    'GET crm/v3/properties/contacts/{property}': ({ account, values: { property } }) =>
      properties(account).find(({ name }) => name === property),
    'GET crm/v3/properties/contacts': ({ account }) => ({ results: properties(account) }),
    'GET account-info/v3/details': () => ({
      portalId: 1,
      accountType: 'STANDARD',
      timeZone: 'Europe/London',
    }),
  },
  errors: {
    body: (_status, message) => errorOf(message),
    notFound: new Reply(404, errorOf('resource not found')),
    badToken: new Reply(
      401,
      errorOf('Authentication credentials not found.', { category: 'INVALID_AUTHENTICATION' }),
    ),
    badWrite: (message) => new Reply(400, errorOf(message, { category: 'VALIDATION_ERROR' })),
    rateLimited: () => {
      const policy = { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' };
      return new Reply(429, errorOf('You have reached your ten_secondly_rolling limit.', policy), limits);
    },
  },
  limits: [{ calls: 100, seconds: 10 }],
  tagsAt: ['results'],
  webhooks: {
    // A workflow's "Send a webhook" with properties that the marketer chose.
    workflow: ([{ id, email }]) => jsonBody({ hs_object_id: Number(id), email }),
    'workflow, whole contact': ([{ id, email }]) => {
      const ids = { vid: Number(id), 'canonical-vid': Number(id), 'portal-id': 3, 'is-contact': true };
      return jsonBody({ ...ids, properties: { email: { value: email, versions: [] } } });
    },
    // https://developers.hubspot.com/docs/guides/api/app-management/webhooks
    subscription: (contacts, at) => {
      const event = { subscriptionId: 2, portalId: 3, subscriptionType: 'contact.propertyChange' };
      const change = { propertyName: 'lifecyclestage', propertyValue: 'customer', changeSource: 'CRM' };
      const more = { ...event, occurredAt: at.getTime(), attemptNumber: 0, ...change };
      return jsonBody(
        contacts.map(({ id }, index) => ({ eventId: index + 1, ...more, objectId: Number(id) })),
      );
    },
  },
  signature: (body, secret, at, url) => {
    const time = String(at.getTime());
    const plain = url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent);
    const signature = createHmac('sha256', secret).update(`POST${plain}${body}${time}`).digest('base64');
    return { 'x-hubspot-request-timestamp': time, 'x-hubspot-signature-v3': signature };
  },
};
