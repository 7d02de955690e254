import { createHmac } from 'node:crypto';
import type { Account, AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import { basicAuth } from '../basic-auth.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import type { Json } from '../json.ts';
import { objectAt } from '../request-body.ts';
import { formBody, jsonBody } from '../webhook-body.ts';

const standard = [
  'firstname',
  'lastname',
  'company',
  'phone',
  'mobile',
  'city',
  'state',
  'zipcode',
  'country',
];

const types: Partial<Record<AccountField['type'], string>> = { list: 'multiselect', integer: 'number' };

const offset = (iso: string) => iso.replace(/\.\d+Z$/, '+00:00');

/** Choices are joined, and yes and no are numbers. */
function stored(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.length === 0 ? null : value.join('|');
  return typeof value === 'boolean' ? Number(value) : (value ?? null);
}

const definitions = (account: Account) => [
  ...['email', ...standard].map((alias, index) => ({ id: index + 1, label: alias, alias, type: 'text' })),
  ...account.customFields().map(({ number, name, title, type }) => ({
    id: 100 + number,
    label: title,
    alias: name,
    type: types[type] ?? type,
  })),
];

function view({ id, email, standard: given, custom, tags, person }: Contact, account: Account): object {
  const values: Record<string, Json> = { ...given, ...custom, email };
  const fields = definitions(account).map((field) => ({ ...field, value: stored(values[field.alias]) }));
  const core = fields.map(
    (field) => [field.alias, { ...field, id: String(field.id), group: 'core' }] as const,
  );
  return {
    id: Number(id),
    isPublished: true,
    dateAdded: offset(person.createdAt),
    dateModified: offset(person.updatedAt),
    points: 0,
    lastActive: offset(person.updatedAt),
    tags: tags.map(({ id: number, name }) => ({ id: number, tag: name, description: null })),
    fields: {
      core: Object.fromEntries(core),
      ...{ social: [], personal: [], professional: [] },
      all: { id: Number(id), ...Object.fromEntries(fields.map(({ alias, value }) => [alias, value])) },
    },
    doNotContact: [],
    stage: null,
  };
}

/** An object by id; a list when it is empty, as PHP has it. */
function list(contacts: readonly Contact[], { account, query }: Call): object {
  const start = Number(query.get('start') ?? 0);
  const page = contacts.slice(start, start + Number(query.get('limit') ?? 30));
  const byId = page.map((contact) => [contact.id, view(contact, account)] as const);
  return { total: String(contacts.length), contacts: byId.length === 0 ? [] : Object.fromEntries(byId) };
}

/** `email:` finds addresses with the text in them. */
function search(call: Call): object {
  const wanted = (call.values['search'] ?? '').replace(/^email:/, '').toLowerCase();
  return list(
    call.account.all().filter(({ email }) => email?.toLowerCase().includes(wanted)),
    call,
  );
}

const errorOf = (code: number, message: string, type: string | null = null) => ({
  errors: [{ message, code, type }],
});
/** What a webhook says of a contact, no more than matters. */
const event = ({ id, email, tags }: Contact, at: Date) => ({
  contact: {
    id: /^\d+$/.test(id) ? Number(id) : id,
    tags: tags.map(({ name }) => ({ tag: name })),
    fields: { core: { email: { value: email } } },
  },
  timestamp: offset(at.toISOString()),
});

/** The part of https://developer.mautic.org that reads and writes contacts. */
export const mautic: CrmDescription = {
  basePath: '/api/',
  settings: { url: 'https://mautic.example.com' },
  idOf: String,
  fields: { names: { firstName: 'firstname', lastName: 'lastname' }, standard, unknown: 'ignored' },
  credentials: ({ user, apiToken }) => ({ headers: { authorization: basicAuth(user, apiToken) } }),
  routes: {
    'GET contacts/list/fields': ({ account }) => ({ ...definitions(account) }),
    'GET contacts/{id}': ({ contact, account }) => ({ contact: view(contact, account) }),
    'PATCH contacts/{id}/edit': ({ contact, account, body }) => ({
      contact: view(account.write(contact, objectAt(body)), account),
    }),
    'GET contacts?search={search}': search,
    'GET tags': ({ account, query }) => {
      const [start, limit] = [Number(query.get('start') ?? 0), Number(query.get('limit') ?? 30)];
      const tags = account
        .tags()
        .slice(start, start + limit)
        .map(({ id, name }) => ({ id, tag: name }));
      return { total: account.tags().length, tags };
    },
    'GET contacts': (call) => list(call.account.all(), call),
  },
  errors: {
    body: errorOf,
    notFound: new Reply(404, errorOf(404, 'Item was not found.')),
    badToken: new Reply(401, errorOf(401, 'API authorization denied.', 'access_denied')),
    rateLimited: () => new Reply(429, errorOf(429, 'API rate limit exceeded')),
  },
  tagsAt: ['contact.tags', 'contacts.*.tags'],
  webhooks: {
    // "Send a webhook", with the pair that the marketer typed.
    campaign: ([{ id }]) => formBody({ contact_id: id }),
    webhook: (contacts, at) =>
      jsonBody({ 'mautic.lead_post_save_update': contacts.map((one) => event(one, at)) }),
    'several events': (contacts, at) =>
      jsonBody({
        'mautic.lead_post_save_new': contacts.slice(0, 1).map((one) => event(one, at)),
        'mautic.lead_post_save_update': contacts.map((one) => event(one, at)),
      }),
  },
  signature: (body, secret) => ({
    'webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
  }),
};
