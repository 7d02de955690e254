import type { Account, AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { customFields } from '../people.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

const types: Partial<Record<AccountField['type'], string>> = {
  number: 'float',
  integer: 'float',
  boolean: 'boolean',
  date: 'date',
  datetime: 'date',
  list: 'multiple-choice',
};
const standard = ['FIRSTNAME', 'LASTNAME', 'SMS'];

/** What a contact's attributes have no value for is left out. */
const attributesOf = ({ standard: given, custom }: Contact) =>
  Object.fromEntries(Object.entries({ ...given, ...custom }).filter(([, value]) => value !== null));

/** Without an address there is no `email`. */
const view = (contact: Contact) => ({
  id: Number(contact.id),
  ...(contact.email !== null && { email: contact.email }),
  ...{ emailBlacklisted: false, smsBlacklisted: false, whatsappBlacklisted: false },
  createdAt: contact.person.createdAt.replace('Z', '+00:00'),
  modifiedAt: contact.person.updatedAt.replace('Z', '+00:00'),
  listIds: contact.tags.map(({ id }) => id),
  listUnsubscribed: null,
  attributes: attributesOf(contact),
  statistics: {},
});

/** 10 unless told, and at most 50; the newest first. */
function lists({ account, query }: Call): object {
  const all = account.tags().map(({ id, name }) => ({ id, name, folderId: 1, uniqueSubscribers: 1 }));
  const [limit, offset] = [Number(query.get('limit') ?? 10), Number(query.get('offset') ?? 0)];
  return { count: all.length, lists: all.reverse().slice(offset, offset + Math.min(limit, 50)) };
}

const withTag = (account: Account, id: unknown): Contact[] =>
  account.all().filter(({ tags }) => tags.some((tag) => String(tag.id) === String(id)));

/** 50 unless told. The newest first, unless told. */
function contactPage({ query }: Call, contacts: readonly Contact[]): object {
  const [limit, offset] = [Number(query.get('limit') ?? 50), Number(query.get('offset') ?? 0)];
  const sorted = query.get('sort') === 'asc' ? contacts : contacts.toReversed();
  return { count: contacts.length, contacts: sorted.slice(offset, offset + limit).map(view) };
}

function attributes({ account }: Call): object {
  const own = account.customFields().map(({ name, type }) => ({ name, type: types[type] ?? 'text' }));
  const all = [...standard.map((name) => ({ name, type: 'text' })), ...own];
  return { attributes: all.map(({ name, type }) => ({ name, category: 'normal', type })) };
}

const word = (status: number) => (status >= 500 ? 'internal_error' : 'bad_request');

/** The part of https://developers.brevo.com/reference that reads and writes contacts, whose lists stand in for tags. */
export const brevo: CrmDescription = {
  basePath: '/v3/',
  idOf: String,
  fields: {
    names: {
      ...Object.fromEntries(customFields.map(({ name }) => [name, name.toUpperCase()])),
      ...{ firstName: 'FIRSTNAME', lastName: 'LASTNAME', phone: 'SMS', userId: 'EXT_ID', city: 'CITY' },
      ...{ country: 'COUNTRY', email: 'EMAIL' },
    },
    standard,
    // The vendor says that attributes have to exist; others report that one which does not is skipped.
    unknown: 'ignored',
  },
  credentials: ({ apiToken = '' }) => ({ headers: { 'api-key': apiToken } }),
  routes: {
    'GET contacts': (call) => {
      const segment = call.query.get('segmentId');
      return contactPage(call, segment === null ? call.account.all() : withTag(call.account, segment));
    },
    'GET contacts/lists/{list}/contacts': (call) =>
      contactPage(call, withTag(call.account, call.values['list'])),
    // A segment of the sandbox is everybody in one list.
    'GET contacts/segments': ({ account, query }) => {
      const all = account.tags().map(({ id, name }) => ({ id, segmentName: name, categoryName: 'Acme' }));
      const [limit, offset] = [Number(query.get('limit') ?? 10), Number(query.get('offset') ?? 0)];
      return { count: all.length, segments: all.slice(offset, offset + limit) };
    },
    'GET contacts/lists': lists,
    'GET contacts/attributes': attributes,
    'GET contacts/{id}?identifierType=contact_id': ({ contact }) => view(contact),
    'GET contacts/{email}?identifierType=email_id': ({ account, values: { email = '' } }) =>
      account.byEmail(email).map(view)[0],
    'PUT contacts/{id}?identifierType=contact_id': ({ account, contact, body }) => {
      account.write(contact, objectAt(body, 'attributes'));
      return new Reply(204);
    },
    'GET account': () => ({ email: 'owner@example.com', companyName: 'Acme', plan: [] }),
  },
  errors: {
    body: (status, message) => ({ code: word(status), message }),
    notFound: new Reply(404, { code: 'document_not_found', message: 'Contact does not exist' }),
    badToken: new Reply(401, { code: 'unauthorized', message: 'Key not found' }),
    badWrite: (message) => new Reply(400, { code: 'invalid_parameter', message }),
    rateLimited: (seconds = 300) =>
      new Reply(
        429,
        { code: 'too_many_requests', message: 'Too many requests' },
        {
          'x-sib-ratelimit-limit': '36000',
          'x-sib-ratelimit-remaining': '0',
          'x-sib-ratelimit-reset': String(Math.ceil(seconds)),
        },
      ),
  },
  // https://developers.brevo.com/docs/api-limits
  limits: [
    { calls: 10, seconds: 1, pathContains: '/contacts' },
    { calls: 36_000, seconds: 3600, pathContains: '/contacts' },
    { calls: 100, seconds: 3600, pathContains: '/account' },
    { calls: 100, seconds: 3600, pathContains: '/contacts/lists' },
  ],
  tagsAt: ['listIds', 'lists'],
  webhooks: {
    // Its names are documented in prose only.
    automation: ([{ id, email }]) =>
      jsonBody({ contact_id: Number(id) || id, email, step_id: 3, workflow_id: 12 }),
    // With "Send contact properties" ticked.
    'classic automation': ([contact]) =>
      jsonBody({
        email: contact.email,
        properties: { contact_id: Number(contact.id), ...attributesOf(contact) },
        ...{ workflow_id: 12, step_id: 3 },
      }),
    'contact added to a list': ([{ email, tags }], at) =>
      jsonBody({
        ...{ event: 'list_addition', email, id: 99, list_id: tags.map(({ id }) => id), key: 'x' },
        date: at.toISOString().slice(0, 19).replace('T', ' '),
      }),
  },
};
