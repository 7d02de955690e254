import { randomUUID } from 'node:crypto';
import type { Account, AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { InvalidPerson } from '../person.ts';
import { jsonBody } from '../webhook-body.ts';

const standard = ['userId', 'name', 'firstName', 'lastName', 'phone', 'city', 'country'];
const types: Partial<Record<AccountField['type'], object>> = {
  number: { type: 'number' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
  date: { format: 'date' },
  datetime: { format: 'date-time' },
  list: { array: true },
};
const field = (name: string, title = name, type: object = { createdBy: 'system' }) => {
  return { name, title, type: 'string', format: null, readOnly: false, array: false, ...type };
};

const errorOf = (message: string, more = {}) => {
  return { error: { message, ...more, markdown: message, traceId: randomUUID() } };
};
const refused = (message: string) => new Reply(400, errorOf(message));

/** Flat, custom fields among the others, tags as one text. What was never written is absent, and what was emptied is null. */
function view({ id, email, standard: { name: given, ...others }, custom, person }: Contact): object {
  const { tags, createdAt, updatedAt } = person;
  const name = given ?? [others['firstName'], others['lastName']].filter(Boolean).join(' ');
  const mayBeAbsent = { ...(name === '' ? {} : { name }), ...(tags && { tags: tags.join(',') }) };
  const emptied = tags === null ? { tags } : {};
  return { id, email, ...others, ...custom, ...mayBeAbsent, ...emptied, createdAt, updatedAt };
}

/** Any of the identifiers will do. */
const identify = (account: Account, { id, email }: JsonObject): Contact | undefined =>
  account.find(String(id)) ?? account.byEmail(String(email))[0];

/** `people[0][id]=…&people[1][email]=…`: who is not there is left out. */
function findPeople({ account, query }: Call): Reply | object {
  const lookups = new Map<string, JsonObject>();
  for (const [key, value] of query) {
    const [, index = '', identifier] = /^people\[(\d+)\]\[(\w+)\]$/.exec(key) ?? [];
    if (identifier !== undefined) lookups.set(index, { ...lookups.get(index), [identifier]: value });
  }
  if (lookups.size === 0) return refused('Query parameter "people" is required.');
  if (lookups.size > 20) return refused('At most 20 people at once.');
  const found = [...lookups.values()].flatMap((lookup) => identify(account, lookup) ?? []);
  const eachOnce = new Map(found.map((contact) => [contact.id, contact]));
  return { users: [...eachOnce.values()].map(view) };
}

/** The oldest first where it is asked for; who has no address can be left out. */
function pageOfPeople({ query }: Call, people: readonly Contact[]): object {
  const [limit, offset] = [Number(query.get('limit') ?? 100), Number(query.get('offset') ?? 0)];
  const time = ({ person }: Contact) => Date.parse(person.createdAt);
  const sorted =
    query.get('sort') === 'createdAt' ? people.toSorted((one, other) => time(one) - time(other)) : people;
  return { people: sorted.slice(offset, offset + limit).map(view) };
}

const segmentOf = ({ values }: Call) => Number(values['segment']);
const segment = ({ id, name }: { id: number; name: string }) => {
  const conditions = { type: 'group', operator: 'and', conditions: [] };
  const looks = { autoSegment: false, color: '#000000', templateId: '' };
  return { version: 2, id, name, objectName: 'people', accountId: 1, conditions, ...looks };
};

/** Updates who is there, and creates who is not. */
function upsert(account: Account, item: Json): object {
  if (!isJsonObject(item)) throw new InvalidPerson('A person must be an object.');
  const { id, ...fields } = item;
  return view(account.write(identify(account, item) ?? (typeof id === 'string' ? { id } : {}), fields));
}

/** The part of https://docs.encharge.io (API version 1) that reads and writes people. */
export const encharge: CrmDescription = {
  basePath: '/v1',
  idOf: (number) => `e0000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  fields: { names: { wp_password: 'wpPassword', last_seen: 'lastSeen' }, standard },
  credentials: ({ apiToken = '' }) => ({ headers: { 'x-encharge-token': apiToken } }),
  routes: {
    'GET people': findPeople,
    'POST people': ({ account, body }) => {
      if (Array.isArray(body)) return { users: body.map((item) => upsert(account, item)) };
      return isJsonObject(body) ? { user: upsert(account, body) } : refused('The body must be JSON.');
    },
    // The key is `people` here, not `users`.
    'GET people/all': (call) => pageOfPeople(call, call.account.all()),
    // A segment of the sandbox is everybody with one tag.
    'GET segments/{segment}/people': (call) => {
      const members = call.account.all().filter(({ tags }) => tags.some(({ id }) => id === segmentOf(call)));
      return call.account.tags().some(({ id }) => id === segmentOf(call))
        ? pageOfPeople(call, members)
        : undefined;
    },
    'GET segments': ({ account }) => ({ segments: account.tags().map(segment) }),
    'GET tags-management': ({ account }) => ({ tags: account.tags().map(({ name }) => ({ tag: name })) }),
    'GET fields': ({ account }) => {
      const system = ['id', 'email', ...standard, 'tags', 'createdAt', 'updatedAt'].map((name) =>
        field(name),
      );
      const own = account.customFields();
      return {
        items: [...system, ...own.map(({ name, title, type }) => field(name, title, types[type] ?? {}))],
      };
    },
  },
  errors: {
    body: (_status, message) => errorOf(message),
    badToken: new Reply(401, errorOf('Token without payload (should be JWT token).', { errorCode: 10082 })),
  },
  tagsAt: ['users.*.tags', 'user.tags'],
  webhooks: {
    // A flow's "Send webhook": the body is what the operator typed, here `{"id":"{{ person.id }}"}`.
    'send webhook': ([{ id }]) => jsonBody({ id }),
    // A subscription to events. https://help.encharge.io
    event: (contacts) =>
      jsonBody({ eventType: 'updatedUser', eventPayload: {}, endUserData: contacts.map(view) }),
  },
};
