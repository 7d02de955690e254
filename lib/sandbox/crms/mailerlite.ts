import { createHmac } from 'node:crypto';
import type { Account, Contact, Tag } from '../account.ts';
import { afterCursor } from '../after-cursor.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

const standard = ['name', 'last_name', 'phone', 'city', 'country'];

/** Without milliseconds and zone. */
const time = (iso: string) => iso.slice(0, 19).replace('T', ' ');

const brief = ({ id, email }: Contact) => ({ id, email, status: 'active' });

/** Every field that the account has, filled or not. */
function fieldsOf({ standard: given, custom }: Contact, account: Account): object {
  const names = [...standard, ...account.customFields().map(({ name }) => name)];
  return Object.fromEntries(names.map((name) => [name, given[name] ?? custom[name] ?? null]));
}

const groupOf = ({ id, name }: Tag) => ({ id: `3198537833539${id}`, name, active_count: 1 });

const view = (contact: Contact, account: Account) => ({
  data: {
    ...brief(contact),
    ...{ source: 'api', sent: 0, opens_count: 0, clicks_count: 0, ip_address: null },
    subscribed_at: time(contact.person.createdAt),
    created_at: time(contact.person.createdAt),
    updated_at: time(contact.person.updatedAt),
    fields: fieldsOf(contact, account),
    groups: contact.tags.map(groupOf),
    opted_in_at: null,
  },
});

/** By id or by address. */
const find = ({ account, values: { subscriber = '' } }: Call): Contact | undefined =>
  account.find(subscriber) ?? account.byEmail(subscriber)[0];

function fieldPage({ account, query }: Call): object {
  const own = account.customFields().map(({ name, title, type }) => ({ key: name, name: title, type }));
  const all = [...standard.map((key) => ({ key, name: key, type: 'text' })), ...own];
  const [limit, page] = [Number(query.get('limit') ?? 25), Number(query.get('page') ?? 1)];
  const data = all
    .slice((page - 1) * limit, page * limit)
    .map((field, index) => ({ id: String(index), ...field }));
  const last_page = Math.max(1, Math.ceil(all.length / limit));
  return { data, meta: { current_page: page, last_page, per_page: limit, total: all.length } };
}

/** A page behind a cursor; lists leave groups out. */
function subscriberPage({ account, query }: Call, all: readonly Contact[]): object {
  const limit = Number(query.get('limit') ?? 25);
  const { some, next: next_cursor } = afterCursor(all, query.get('cursor'), limit);
  const data = some.map((contact) => {
    const { groups: _groups, ...others } = view(contact, account).data;
    return others;
  });
  return { data, meta: { per_page: limit, next_cursor, prev_cursor: null } };
}

const ofGroup = (contact: Contact) => ({
  type: 'subscriber.added_to_group',
  subscriber: brief(contact),
  group: { id: '31985378335392975', name: contact.tags.at(-1)?.name ?? 'customer' },
  account_id: 1,
});
const flat = (contact: Contact) => ({
  ...brief(contact),
  fields: contact.standard,
  ...{ event: 'subscriber.updated', account_id: 1 },
});

/** The part of https://developers.mailerlite.com/docs that reads and writes subscribers, whose groups stand in for tags. */
export const mailerlite: CrmDescription = {
  basePath: '/api/',
  idOf: (number) => `318973973637${String(number).padStart(5, '0')}`,
  fields: {
    names: { firstName: 'name', lastName: 'last_name' },
    standard,
    // A guess: nobody documents what becomes of them.
    unknown: 'refused',
  },
  credentials: ({ apiToken }) => ({ headers: { authorization: `Bearer ${apiToken}` } }),
  routes: {
    'GET subscribers?limit=0': ({ account }) => ({ total: account.all().length }),
    'GET subscribers': (call) => subscriberPage(call, call.account.all()),
    'GET groups/{group}/subscribers': (call) => {
      const isMeant = ({ tags }: Contact) => tags.some((tag) => groupOf(tag).id === call.values['group']);
      return subscriberPage(call, call.account.all().filter(isMeant));
    },
    'GET groups': ({ account }) => ({
      data: account.tags().map(groupOf),
      meta: { current_page: 1, last_page: 1 },
    }),
    'GET subscribers/{subscriber}': (call) => {
      const contact = find(call);
      return contact && view(contact, call.account);
    },
    'PUT subscribers/{subscriber}': (call) => {
      const contact = find(call);
      return contact && view(call.account.write(contact, objectAt(call.body, 'fields')), call.account);
    },
    'GET fields': fieldPage,
  },
  errors: {
    body: (_status, message) => ({ message }),
    notFound: new Reply(404, { message: 'Resource not found.' }),
    badToken: new Reply(401, { message: 'Unauthenticated.' }),
    badWrite: (problem) =>
      new Reply(422, { message: 'The given data was invalid.', errors: { fields: [problem] } }),
    rateLimited: (seconds = 59) =>
      new Reply(
        429,
        { message: 'Too Many Attempts.' },
        {
          'x-ratelimit-limit': '120',
          'x-ratelimit-remaining': '0',
          'retry-after': String(Math.ceil(seconds)),
        },
      ),
  },
  limits: [{ calls: 120, seconds: 60 }],
  tagsAt: ['data.groups'],
  webhooks: {
    'added to group': ([contact]) => jsonBody(ofGroup(contact)),
    updated: ([contact]) => jsonBody(flat(contact)),
    // Of a batch that is called so, the events keep their shapes.
    batch: (contacts) =>
      jsonBody({
        total: contacts.length,
        events: contacts.map((contact, index) => (index % 2 === 0 ? ofGroup(contact) : flat(contact))),
      }),
  },
  signature: (body, secret) => ({ signature: createHmac('sha256', secret).update(body).digest('hex') }),
};
