import type { AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { objectAt } from '../request-body.ts';

const basePath = '/api/public/';
const pageSize = 100;

/** Standard fields of every user: https://apidocs.user.com/users/update-user.html */
const nothing = {
  phone_number: null,
  city: null,
  region: null,
  country: null,
  timezone: null,
  gender: 'unknown',
  status: 'visitor',
  score: 0,
  unsubscribed: false,
  notifications: true,
  lists: [],
  companies: [],
  page_views: 0,
  first_seen: null,
  last_seen: null,
  last_contacted: null,
};
/** An account's own attributes may be called as standard fields are. */
const standard = Object.keys(nothing).filter((name) => !['score', 'last_seen'].includes(name));

const valueTypes: Record<AccountField['type'], string> = {
  text: 'string',
  date: 'date',
  datetime: 'datetime',
  boolean: 'boolean',
  number: 'float',
  integer: 'integer',
  list: 'fixed',
};

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
 * meet both. A custom attribute named as a standard field (`score`, `last_seen`) hides it.
 */
function view(contact: Contact, { headers, account }: Call): object {
  const { first_name: _first, last_name: _last, custom_id = null, ...fields } = contact.standard;
  const shadowing = Object.entries(contact.custom).filter(([name]) => name in nothing);
  const user = {
    ...nothing,
    ...fields,
    ...Object.fromEntries(shadowing),
    id: Number(contact.id),
    email: contact.email,
    name: nameOf(contact),
    created_at: time(contact.person.createdAt),
    updated_at: time(contact.person.updatedAt),
    tags: contact.tags,
  };
  if (versionOf(headers.accept) === '2')
    return { ...user, user_key: keyOf(contact), custom_id, ...contact.custom };
  const attributes = account.customFields().flatMap(({ number, name, title }) => {
    const value = contact.custom[name];
    return value === undefined ? [] : [{ id: 1000 + number, name: title, name_std: name, value }];
  });
  return { ...user, key: keyOf(contact), user_id: custom_id, attributes };
}

/** `Accept: application/json; version=2` asks for a version; without one it is the first. */
const versionOf = (accept = '') => /;\s*version=([^\s;,]*)/.exec(accept)?.[1] ?? '1';

/** One page of a list, as Django REST framework numbers them. */
function page({ path, query, headers }: Call, items: readonly object[]): Reply | object {
  const number = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(items.length / pageSize));
  if (!Number.isInteger(number) || number < 1 || number > last)
    return new Reply(404, { detail: 'Invalid page.' });
  const link = (target: number) => `http://${headers.host}${path}${target === 1 ? '' : `?page=${target}`}`;
  return {
    count: items.length,
    next: number < last ? link(number + 1) : null,
    previous: number > 1 ? link(number - 1) : null,
    results: items.slice((number - 1) * pageSize, number * pageSize),
  };
}

function write(call: Call): object {
  return view(call.account.write(call.contact, objectAt(call.body)), call);
}

/** The part of https://apidocs.user.com that reads and writes users and their attributes. */
export const userengage: CrmDescription = {
  basePath,
  idOf: String,
  fields: {
    names: { firstName: 'first_name', lastName: 'last_name', phone: 'phone_number', userId: 'custom_id' },
    standard: [...standard, 'name', 'first_name', 'last_name', 'custom_id'],
    unknown: 'refused',
  },
  credentials: ({ token }) => ({ headers: { authorization: `Token ${token}` } }),
  routes: {
    'GET users/': (call) =>
      page(
        call,
        call.account.all().map((user) => view(user, call)),
      ),
    // Addresses must match exactly, case included. https://apidocs.user.com/users/find-user-by-email.html
    'GET users/search/?email={email}': (call) => {
      const found = call.account
        .byEmail(String(call.values['email']))
        .filter(({ email }) => email === call.values['email']);
      const users = found.map((user) => view(user, call));
      return call.query.get('many') === 'true' ? users : users[0];
    },
    'GET users/{id}/': (call) => view(call.contact, call),
    'PUT users/{id}/': write,
    'POST users/{id}/set_multiple_attributes/': write,
    'GET attributes/': (call) =>
      page(
        call,
        call.account.customFields().map(({ number, name, title, type }) => ({
          id: 1000 + number,
          name: title,
          name_std: name,
          value_type: valueTypes[type],
          content_type: 'user',
        })),
      ),
  },
  errors: {
    body: (_status, detail) => ({ detail }),
    badToken: new Reply(401, { detail: 'Invalid token.' }, { 'www-authenticate': 'Token' }),
    badWrite: (message) => new Reply(400, { non_field_errors: [message] }),
    // Django's redirect to the same path with a slash; a client that follows it loses its body.
    noRoute: ({ path, query }) =>
      path.startsWith(basePath) && !path.endsWith('/')
        ? new Reply(301, undefined, { location: `${path}/${query.size > 0 ? `?${query}` : ''}` })
        : undefined,
  },
  tagsAt: ['tags', '*.tags', 'results.*.tags'],
  webhooks: {
    // An automation's "API call": no content type is set. https://docs.user.com
    'api call': ([contact], at) => ({
      headers: {},
      body: JSON.stringify({
        path: 6,
        timestamp: at.toISOString().replace('Z', '000+00:00'),
        extra: {},
        user: { id: Number(contact.id), key: keyOf(contact), name: nameOf(contact), email: contact.email },
      }),
    }),
  },
};
