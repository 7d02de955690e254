import type { AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { objectAt } from '../request-body.ts';

const basePath = '/api/public/';
const pageSize = 100;

const texts = ['phone_number', 'city', 'region', 'country', 'timezone', 'first_seen', 'last_contacted'];
const flags = { gender: 'unknown', status: 'visitor', unsubscribed: false, notifications: true };
const standard = [
  ...texts,
  ...Object.keys(flags),
  'lists',
  'companies',
  'name',
  'first_name',
  'last_name',
  'custom_id',
];
/** What every user has: https://apidocs.user.com/users/. An account's own `score` and `last_seen` hide these. */
const nothing = {
  ...Object.fromEntries(texts.map((name) => [name, null])),
  ...flags,
  ...{ lists: [], companies: [], page_views: 0, score: 0, last_seen: null },
};

const valueTypes: Record<AccountField['type'], string> = {
  text: 'string',
  date: 'date',
  datetime: 'datetime',
  boolean: 'boolean',
  number: 'float',
  integer: 'integer',
  list: 'fixed',
};
const attribute = ({ number, name, title }: AccountField) => ({
  id: 1000 + number,
  name: title,
  name_std: name,
});

/** User.com's timestamps have six digits after the second. */
const time = (iso: string) => iso.replace('Z', '000Z');
/** The twelve characters that User.com gives every user. */
const keyOf = ({ id }: Contact) => `key${id.padStart(9, '0')}`;
/** The API takes two names and keeps one. */
const nameOf = ({ standard: { first_name, last_name, name } }: Contact) =>
  name ?? ([first_name, last_name].filter(Boolean).join(' ') || null);

/**
 * A user as that version of the API answers it: https://apidocs.user.com/v1/users/ and https://apidocs.user.com/users/
 *
 * Version 1 lists custom attributes, version 2 has them among the standard fields. The vendor's own samples of
 * version 2 still show the list, recordings of it the flat keys: the sandbox keeps the two apart so that clients
 * meet both.
 */
function view(contact: Contact, { headers, account }: Call): object {
  const { first_name: _first, last_name: _last, custom_id = null, ...fields } = contact.standard;
  const user = {
    ...nothing,
    ...fields,
    ...Object.fromEntries(Object.entries(contact.custom).filter(([name]) => name in nothing)),
    id: Number(contact.id),
    email: contact.email,
    name: nameOf(contact),
    created_at: time(contact.person.createdAt),
    updated_at: time(contact.person.updatedAt),
    tags: contact.tags,
  };
  // Asked for by `Accept: application/json; version=2`.
  const isSecond = /;\s*version=2/.test(headers.accept ?? '');
  if (isSecond) return { ...user, user_key: keyOf(contact), custom_id, ...contact.custom };
  const written = account.customFields().filter(({ name }) => contact.custom[name] !== undefined);
  const attributes = written.map((field) => ({ ...attribute(field), value: contact.custom[field.name] }));
  return { ...user, key: keyOf(contact), user_id: custom_id, attributes };
}

/** One page of a list, as Django REST framework numbers them. */
function page({ path, query, headers }: Call, items: readonly object[]): Reply | object {
  const number = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(items.length / pageSize));
  if (!(number >= 1 && number <= last)) return new Reply(404, { detail: 'Invalid page.' });
  const link = (target: number) => {
    if (target < 1 || target > last) return null;
    return `http://${headers.host}${path}${target === 1 ? '' : `?page=${target}`}`;
  };
  const results = items.slice((number - 1) * pageSize, number * pageSize);
  return { count: items.length, next: link(number + 1), previous: link(number - 1), results };
}

const write = (call: Call) => view(call.account.write(call.contact, objectAt(call.body)), call);

/** The part of https://apidocs.user.com that reads and writes users and their attributes. */
export const userengage: CrmDescription = {
  basePath,
  settings: { account: 'example' },
  idOf: String,
  fields: {
    names: { firstName: 'first_name', lastName: 'last_name', phone: 'phone_number', userId: 'custom_id' },
    standard,
    unknown: 'refused',
  },
  credentials: ({ apiToken }) => ({ headers: { authorization: `Token ${apiToken}` } }),
  routes: {
    'GET users/': (call) => {
      const users = call.account.all().map((user) => view(user, call));
      return page(call, users);
    },
    'GET tags/': (call) => page(call, call.account.tags()),
    'GET tags/{tag}/users/': (call) => {
      const number = Number(call.values['tag']);
      if (!call.account.tags().some(({ id }) => id === number)) return undefined;
      const users = call.account.all().filter(({ tags }) => tags.some(({ id }) => id === number));
      return page(
        call,
        users.map((user) => view(user, call)),
      );
    },
    // Addresses must match exactly, case included. https://apidocs.user.com/users/find-user-by-email.html
    'GET users/search/?email={email}': (call) => {
      const { email = '' } = call.values;
      const found = call.account.byEmail(email).filter((user) => user.email === email);
      const users = found.map((user) => view(user, call));
      return call.query.get('many') === 'true' ? users : users[0];
    },
    'GET users/{id}/': (call) => view(call.contact, call),
    'PUT users/{id}/': write,
    'POST users/{id}/set_multiple_attributes/': write,
    'GET attributes/': (call) => {
      const fields = call.account.customFields();
      const more = (type: AccountField['type']) => ({ value_type: valueTypes[type], content_type: 'user' });
      return page(
        call,
        fields.map((field) => ({ ...attribute(field), ...more(field.type) })),
      );
    },
  },
  errors: {
    body: (_status, detail) => ({ detail }),
    badToken: new Reply(401, { detail: 'Invalid token.' }, { 'www-authenticate': 'Token' }),
    badWrite: (message) => new Reply(400, { non_field_errors: [message] }),
    // Django's redirect to the same path with a slash; a client that follows it loses its body.
    noRoute: ({ path, query }) => {
      const location = `${path}/${query.size > 0 ? `?${query}` : ''}`;
      return path.endsWith('/') ? undefined : new Reply(301, undefined, { location });
    },
  },
  tagsAt: ['tags', '*.tags', 'results.*.tags'],
  webhooks: {
    // An automation's "API call": no content type is set. https://docs.user.com
    'api call': ([contact], at) => {
      const { id, email } = contact;
      const user = { id: Number(id), key: keyOf(contact), name: nameOf(contact), email };
      const timestamp = at.toISOString().replace('Z', '000+00:00');
      return { headers: {}, body: JSON.stringify({ path: 6, timestamp, extra: {}, user }) };
    },
  },
};
