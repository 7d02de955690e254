import { createHmac } from 'node:crypto';
import type { AccountField, Contact } from '../account.ts';
import { afterCursor } from '../after-cursor.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import type { Json, JsonObject } from '../json.ts';
import { InvalidPerson } from '../person.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

const places = ['country', 'region', 'city'];
const standard = [
  ...['name', 'first_name', 'last_name', 'phone', 'external_id'],
  ...places.map((place) => `location.${place}`),
];
const types: Record<AccountField['type'], string> = {
  text: 'string',
  list: 'string',
  date: 'date',
  datetime: 'date',
  boolean: 'boolean',
  number: 'float',
  integer: 'integer',
};

const errorOf = (code: string, message: string) => {
  return { type: 'error.list', request_id: 'fake-request', errors: [{ code, message }] };
};
const seconds = (iso: string) => Math.floor(Date.parse(iso) / 1000);

/** An attribute's value as Intercom keeps it: times are numbers, and there are no lists. */
function attributeValue({ type }: AccountField, value: Json | undefined): Json {
  if (Array.isArray(value)) return value.join(', ');
  const isTime = (type === 'date' || type === 'datetime') && !Number.isNaN(Date.parse(String(value)));
  return isTime ? seconds(String(value)) : (value ?? null);
}

/** One name, custom attributes by themselves, and ids of the first ten tags. */
function view(
  { account }: Pick<Call, 'account'>,
  { id, email, standard: given, custom, tags, person }: Contact,
) {
  const { name, first_name, last_name, phone = null, external_id = null } = given;
  const place = Object.fromEntries(places.map((one) => [one, given[`location.${one}`] ?? null]));
  const ten = tags.slice(0, 10).map((tag) => ({ type: 'tag', id: String(tag.id), url: `/tags/${tag.id}` }));
  const list = { type: 'list', data: ten, url: `/contacts/${id}/tags` };
  return {
    ...{ type: 'contact', id, workspace_id: 'fake', external_id, role: 'user', email, phone, avatar: null },
    name: name ?? ([first_name, last_name].filter(Boolean).join(' ') || null),
    ...{ created_at: seconds(person.createdAt), updated_at: seconds(person.updatedAt), last_seen_at: null },
    location: { type: 'location', ...place },
    custom_attributes: Object.fromEntries(
      account.customFields().map((field) => [field.name, attributeValue(field, custom[field.name])]),
    ),
    tags: { ...list, total_count: tags.length, has_more: tags.length > 10 },
    companies: { type: 'list', data: [], url: `/contacts/${id}/companies`, total_count: 0, has_more: false },
  };
}

/** A page behind a cursor. */
function listPage(
  call: Call,
  all: readonly Contact[],
  { size, after }: { size: number; after: Json | undefined },
): object {
  const { some, next } = afterCursor(all, typeof after === 'string' ? after : null, size);
  const pages = { type: 'pages', next: next && { per_page: size, starting_after: next }, per_page: size };
  const data = some.map((contact) => view(call, contact));
  return { type: 'list', data, total_count: all.length, pages };
}

function search(call: Call): object {
  const { field, operator, value } = objectAt(call.body, 'query');
  if (field === 'tag_id' || field === 'segment_id') {
    const members = call.account.all().filter(({ tags }) => tags.some(({ id }) => String(id) === value));
    const { per_page, starting_after } = objectAt(call.body, 'pagination');
    return listPage(call, members, { size: Number(per_page), after: starting_after });
  }
  if (field !== 'email' || operator !== '=')
    throw new InvalidPerson('The sandbox finds by email and groups.');
  const found = call.account.byEmail(String(value)).map((contact) => view(call, contact));
  const pages = { type: 'pages', page: 1, per_page: 50, total_pages: Math.min(1, found.length) };
  return { type: 'list', data: found, total_count: found.length, pages };
}

function update(call: Call): object {
  const { custom_attributes, ...given } = objectAt(call.body);
  const fields: JsonObject = { ...given, ...(custom_attributes && objectAt(custom_attributes)) };
  return view(call, call.account.write(call.contact, fields));
}

const notification = (topic: string, item: object, at: Date) => ({
  ...{ type: 'notification_event', app_id: 'fake', id: 'notif_1', topic, delivery_attempts: 1 },
  created_at: seconds(at.toISOString()),
  data: { type: 'notification_event_data', item },
});
const who = ({ id, email }: Contact) => ({ type: 'contact', id, role: 'user', email });

/** The part of https://developers.intercom.com/docs/references/rest-api/api.intercom.io about contacts. */
export const intercom: CrmDescription = {
  basePath: '/',
  idOf: (number) => `5ba682d23d7cf92b${String(number).padStart(8, '0')}`,
  fields: {
    names: {
      ...{ firstName: 'first_name', lastName: 'last_name', userId: 'external_id' },
      ...Object.fromEntries(places.map((place) => [place, `location.${place}`])),
    },
    standard,
    unknown: 'refused',
  },
  credentials: ({ apiToken }) => ({ headers: { authorization: `Bearer ${apiToken}` } }),
  routes: {
    'GET me': () => ({
      type: 'admin',
      id: '991267459',
      email: 'owner@example.com',
      app: { type: 'app', region: 'US' },
    }),
    'GET contacts': (call) => {
      const after = call.query.get('starting_after') ?? undefined;
      return listPage(call, call.account.all(), { size: Number(call.query.get('per_page') ?? 50), after });
    },
    'GET tags': ({ account }) => ({
      type: 'list',
      data: account.tags().map(({ id, name }) => ({ type: 'tag', id: String(id), name })),
    }),
    // A segment of the sandbox is everybody with one tag.
    'GET segments': ({ account }) => ({
      type: 'segment.list',
      segments: account.tags().map(({ id, name }) => ({ type: 'segment', id: String(id), name })),
    }),
    'GET contacts/{id}': (call) => view(call, call.contact),
    'GET contacts/{id}/tags': ({ contact: { tags } }) => {
      const applied = { applied_at: 1767603600, applied_by: { type: 'admin', id: '456' } };
      return {
        type: 'list',
        data: tags.map(({ id, name }) => ({ type: 'tag', id: String(id), name, ...applied })),
      };
    },
    'POST contacts/search': search,
    'PUT contacts/{id}': update,
    'GET data_attributes?model=contact': ({ account }) => {
      const attribute = (name: string, full_name: string, data_type: string, custom: boolean) => {
        return {
          type: 'data_attribute',
          model: 'contact',
          name,
          full_name,
          data_type,
          custom,
          archived: false,
        };
      };
      const own = account.customFields().map(({ name, type }) => {
        return attribute(name, `custom_attributes.${name}`, types[type], true);
      });
      const others = ['name', 'email', 'phone', 'external_id'].map((name) =>
        attribute(name, name, 'string', false),
      );
      return { type: 'list', data: [...others, ...own] };
    },
  },
  errors: {
    body: (status, message) => errorOf(status === 404 ? 'not_found' : 'server_error', message),
    notFound: new Reply(404, errorOf('not_found', 'User Not Found')),
    badToken: new Reply(401, errorOf('unauthorized', 'Access Token Invalid')),
    badWrite: (message) => new Reply(400, errorOf('parameter_invalid', message)),
    rateLimited: (wait = 10) => {
      const reset = String(Math.ceil(Date.now() / 1000 + wait));
      const headers = {
        'x-ratelimit-limit': '1667',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': reset,
      };
      return new Reply(429, errorOf('rate_limit_exceeded', 'Exceeded rate limit'), headers);
    },
  },
  limits: [{ calls: 1667, seconds: 10 }],
  tagsAt: ['data'],
  webhooks: {
    'contact.user.tag.created': ([contact], at) => {
      const [tag] = contact.tags;
      const item = {
        type: 'contact_tag',
        tag: { type: 'tag', id: '80', name: tag?.name },
        contact: who(contact),
      };
      return jsonBody(notification('contact.user.tag.created', item, at));
    },
    'contact.user.updated': ([contact], at) =>
      jsonBody(notification('contact.user.updated', who(contact), at)),
  },
  signature: (body, secret) => ({
    'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
  }),
};
