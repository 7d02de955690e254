import { randomUUID } from 'node:crypto';
import type { Contact, Tag } from '../account.ts';
import { afterCursor } from '../after-cursor.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { InvalidPerson } from '../person.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

const host = 'https://a.klaviyo.com/api';
const contentType = 'application/vnd.api+json';

const names = ['email', 'phone_number', 'external_id', 'first_name', 'last_name', 'organization'];
const more = ['locale', 'title', 'image'];
const places = [
  'address1',
  'address2',
  'city',
  'country',
  'latitude',
  'longitude',
  'region',
  'zip',
  'timezone',
];
const placed = (name: string) => `location.${name}`;

/** Times have an offset and no fraction. */
const time = (iso: string) => iso.replace(/\.\d+Z$/, '+00:00');
const nulls = (all: readonly string[]) => Object.fromEntries(all.map((name) => [name, null]));

/** What every profile has is null where it is empty; custom properties are whatever JSON was written. */
function view({ id, email, standard, custom: properties, person }: Contact): object {
  const isPlace = (name: string) => name.startsWith('location.');
  const own = Object.entries(standard).filter(([name]) => !isPlace(name));
  const location = places.map((name) => [name, standard[placed(name)] ?? null] as const);
  const self = `${host}/profiles/${id}/`;
  const related = (what: string) => ({
    links: { self: `${self}relationships/${what}/`, related: `${self}${what}/` },
  });
  return {
    type: 'profile',
    id,
    attributes: {
      ...nulls([...names, ...more]),
      ...Object.fromEntries(own),
      ...{ email, location: Object.fromEntries(location), properties },
      ...{ created: time(person.createdAt), updated: time(person.updatedAt), last_event_date: null },
    },
    relationships: { lists: related('lists'), segments: related('segments') },
    links: { self },
  };
}

const group = (type: 'list' | 'segment') => (tag: Tag) => {
  return {
    type,
    id: `Tag${tag.id}`,
    attributes: { name: tag.name },
    links: { self: `${host}/${type}s/Tag${tag.id}/` },
  };
};
const page = ({ path }: Pick<Call, 'path'>, data: readonly object[]) => {
  return { data, links: { self: `https://a.klaviyo.com${path}/` } };
};

/** A page behind a cursor, which stands in a link. */
function cursorPage<Item extends { id: string }>(
  call: Call,
  all: readonly Item[],
  shown: (item: Item) => object,
): object {
  const size = Number(call.query.get('page[size]') ?? 20);
  const { some, next } = afterCursor(all, call.query.get('page[cursor]'), size);
  const { data, links } = page(call, some.map(shown));
  const url = next && `https://a.klaviyo.com${call.path}/?page%5Bcursor%5D=${next}`;
  return { data, links: { ...links, next: url, prev: null } };
}

const members = (call: Call): object => {
  const isMeant = ({ tags }: Contact) => tags.some(({ id }) => `Tag${id}` === call.values['group']);
  return cursorPage(call, call.account.all().filter(isMeant), view);
};
const groups =
  (kind: 'list' | 'segment') =>
  (call: Call): object =>
    page(call, call.account.tags().map(group(kind)));

const errorOf = (status: number, code: string, title: string, detail = title) => ({
  errors: [{ id: randomUUID(), status, code, title, detail, source: { pointer: '/data/' } }],
});
const refusal = (...error: Parameters<typeof errorOf>) =>
  new Reply(error[0], errorOf(...error), { 'content-type': contentType });

/** `equals(email,"ada@example.com")`: the only filter that is played. */
function findProfiles(call: Call): Reply | object {
  const { filter = '' } = call.values;
  const [, text = ''] = /^equals\(email,(".*")\)$/.exec(filter) ?? [];
  if (text === '') return refusal(400, 'invalid', 'Invalid input.', `Invalid filter: ${filter}`);
  return page(call, call.account.byEmail(String(JSON.parse(text))).map(view));
}

/** Members that the body leaves out stay. */
function write({ account, body, contact, values }: Call): object {
  const { id, type } = objectAt(body, 'data');
  if (type !== 'profile' || id !== values['id']) throw new InvalidPerson('The id must be that of the URL.');
  const { properties = {}, location = {}, ...own } = objectAt(body, 'data', 'attributes');
  const inner = (value: Json): JsonObject => (isJsonObject(value) ? value : {});
  const place = Object.entries(inner(location)).map(([name, value]) => [placed(name), value] as const);
  const fields = { ...own, ...Object.fromEntries(place), ...inner(properties) };
  return { data: view(account.write(contact, fields)) };
}

/** The part of https://developers.klaviyo.com/en/reference (revision 2026-07-15) that reads and writes profiles. */
export const klaviyo: CrmDescription = {
  basePath: '/api',
  contentType,
  idOf: (number) => `01GDDKASAP8TKDDA2GRZ${String(number).padStart(6, '0')}`,
  fields: {
    names: {
      ...{ firstName: 'first_name', lastName: 'last_name', phone: 'phone_number', userId: 'external_id' },
      ...{ company: 'organization', city: placed('city'), country: placed('country') },
    },
    standard: [...names, ...more, ...places.map(placed)],
  },
  credentials: ({ apiToken }) => ({ headers: { authorization: `Klaviyo-API-Key ${apiToken}` } }),
  routes: {
    'GET profiles?filter={filter}': findProfiles,
    'GET profiles': (call) => {
      const all = call.account.all();
      return cursorPage(call, call.query.get('sort') === '-updated' ? all.reverse() : all, view);
    },
    'GET lists': groups('list'),
    'GET segments': groups('segment'),
    'GET lists/{group}/profiles': members,
    'GET segments/{group}/profiles': members,
    'GET profiles/{id}': ({ contact }) => ({ data: view(contact) }),
    'PATCH profiles/{id}': write,
    'GET profiles/{id}/lists': (call) => page(call, call.contact.tags.map(group('list'))),
    'GET profiles/{id}/segments': (call) => page(call, call.contact.tags.map(group('segment'))),
    'GET accounts': (call) =>
      page(call, [{ type: 'account', id: 'Fake01', attributes: { timezone: 'UTC' } }]),
  },
  errors: {
    body: (status, message) => errorOf(status, 'error', message, message),
    contentType,
    notFound: refusal(404, 'not_found', 'Not found.', 'A profile with this id does not exist.'),
    badToken: refusal(401, 'not_authenticated', 'Authentication credentials were not provided.'),
    badWrite: (message) => refusal(400, 'invalid', 'Invalid input.', message),
    rateLimited: (seconds = 1) => {
      const { status, body, headers } = refusal(429, 'throttled', 'Request was throttled.');
      const wait = { 'retry-after': String(Math.ceil(seconds)), 'ratelimit-limit': '3, 3;w=1, 60;w=60' };
      return new Reply(status, body, { ...headers, ...wait });
    },
  },
  limits: [
    { calls: 75, seconds: 1, pathContains: '/profiles' },
    { calls: 750, seconds: 60, pathContains: '/profiles' },
    ...['/lists', '/segments'].flatMap((pathContains) => [
      { calls: 3, seconds: 1, pathContains },
      { calls: 60, seconds: 60, pathContains },
    ]),
  ],
  tagsAt: ['data'],
  webhooks: {
    // The body of a flow's action is what the marketer typed: both, or the address alone.
    flow: ([{ id, email }]) => jsonBody({ id, email }),
    'flow, address': ([{ email }]) => jsonBody({ email }),
  },
};
