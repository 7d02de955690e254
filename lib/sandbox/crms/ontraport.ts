import type { Account, AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { type Json, parseJson } from '../json.ts';
import { objectAt } from '../request-body.ts';
import { formBody, jsonBody } from '../webhook-body.ts';

const texts = ['firstname', 'lastname', 'company', 'sms_number', 'city', 'state', 'country', 'zip'];

const types: Record<AccountField['type'], string> = {
  text: 'text',
  date: 'fulldate',
  datetime: 'timestamp',
  boolean: 'check',
  number: 'numeric',
  integer: 'numeric',
  list: 'list',
};

const reply = (data: unknown) => ({ code: 0, data, account_id: 12_345 });
const text = (status: number, words: string, headers = {}) =>
  new Reply(status, words, { 'content-type': 'text/plain', ...headers });

const seconds = (iso: string) => String(Math.floor(Date.parse(iso) / 1000));
const joined = (parts: readonly unknown[]) => (parts.length === 0 ? '' : `*/*${parts.join('*/*')}*/*`);

/** Choices have numbers, from 1 on in the order in which people of the account made them. */
const optionsOf = (account: Account, name: string): string[] => [
  ...new Set(account.all().flatMap(({ custom }) => [custom[name] ?? []].flat().map(String))),
];

/** Everything is a text. */
function stored(value: Json | undefined, { name, type }: AccountField, account: Account): string {
  if (Array.isArray(value)) {
    const options = optionsOf(account, name);
    return joined(value.map((choice) => options.indexOf(String(choice)) + 1));
  }
  const isDate = (type === 'date' || type === 'datetime') && typeof value === 'string';
  if (isDate) return Number.isNaN(Date.parse(value)) ? value : seconds(value);
  return typeof value === 'boolean' ? String(Number(value)) : String(value ?? '');
}

const keyOf = ({ number }: AccountField) => `f${1550 + number}`;

/** A contact has every field of the account. */
function view({ id, email, standard, custom, tags, person }: Contact, account: Account): object {
  const own = account.customFields().map((field) => {
    return [keyOf(field), stored(custom[field.name], field, account)] as const;
  });
  return {
    id,
    owner: '1',
    ...Object.fromEntries(texts.map((name) => [name, String(standard[name] ?? '')])),
    email: email ?? '',
    date: seconds(person.createdAt),
    dlm: seconds(person.updatedAt),
    contact_cat: joined(tags.map((tag) => tag.id)),
    ...Object.fromEntries(own),
  };
}

function search({ account, query }: Call): object {
  const [condition] = [parseJson(query.get('condition') ?? '') ?? []].flat();
  const wanted = (condition as { value?: { value?: string } } | undefined)?.value?.value ?? '';
  return reply(account.byEmail(wanted).map((contact) => view(contact, account)));
}

/** Fifty at most. */
function fiftyOf({ account, query }: Call, contacts: readonly Contact[]): object {
  const start = Number(query.get('start') ?? 0);
  const some = contacts.slice(start, start + Math.min(50, Number(query.get('range') ?? 50)));
  return reply(some.map((contact) => view(contact, account)));
}

function update({ account, body }: Call): Reply | object {
  const { id, ...fields } = objectAt(body);
  const contact = account.find(String(id));
  if (!contact) return text(404, 'Object not found');
  const keys = new Map(account.customFields().map((field) => [keyOf(field), field.name]));
  account.write(
    contact,
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [keys.get(key) ?? key, value])),
  );
  return reply({ attrs: { ...fields, id } });
}

function meta({ account }: Call): object {
  const own = account.customFields().map((field) => {
    const labels = optionsOf(account, field.name).map((label, index) => [String(index + 1), label] as const);
    const options = field.type === 'list' ? { options: Object.fromEntries(labels) } : {};
    return [keyOf(field), { alias: field.title, type: types[field.type], ...options }] as const;
  });
  const standard = ['email', ...texts].map((name) => [name, { alias: name, type: 'text' }] as const);
  const times = ['date', 'dlm'].map((name) => [name, { alias: name, type: 'timestamp' }] as const);
  return reply({ 0: { name: 'Contact', fields: Object.fromEntries([...standard, ...times, ...own]) } });
}

/** The part of https://api.ontraport.com/doc/ that reads and writes contacts. */
export const ontraport: CrmDescription = {
  basePath: '/1/',
  settings: { appId: '2_12345_fake' },
  passwordField: 'WP password',
  idOf: String,
  fields: {
    names: { firstName: 'firstname', lastName: 'lastname', phone: 'sms_number' },
    standard: texts,
  },
  credentials: ({ apiToken = '' }) => ({ headers: { 'api-appid': '2_12345_fake', 'api-key': apiToken } }),
  routes: {
    'GET Contact?id={id}': ({ contact, account }) => reply(view(contact, account)),
    'GET Contacts/meta?format=byName': meta,
    'GET Contacts?condition={condition}': search,
    'GET Contacts': (call) => fiftyOf(call, call.account.all()),
    'GET objects/tag?objectID=0&tag_id={tag}': (call) => {
      const isMeant = ({ tags }: Contact) => tags.some(({ id }) => String(id) === call.values['tag']);
      return fiftyOf(call, call.account.all().filter(isMeant));
    },
    // Fifty at most, and nobody says that there are more.
    'GET Tags': ({ account, query }) => {
      const start = Number(query.get('start') ?? 0);
      const page = account.tags().slice(start, start + Math.min(50, Number(query.get('range') ?? 50)));
      return reply(page.map(({ id, name }) => ({ tag_id: String(id), object_type_id: '0', tag_name: name })));
    },
    'PUT Contacts': update,
  },
  errors: {
    body: (_status, message) => message,
    contentType: 'text/plain',
    notFound: text(404, 'Object not found'),
    badToken: text(401, 'Your App ID and API key do not authenticate.'),
    rateLimited: (wait = 42) =>
      text(429, 'Too Many Requests', {
        'x-rate-limit-limit': '180',
        'x-rate-limit-remaining': '0',
        'x-rate-limit-reset': String(Math.ceil(wait)),
      }),
  },
  limits: [{ calls: 180, seconds: 60 }],
  tagsAt: ['data.contact_cat', 'data.*.contact_cat'],
  webhooks: {
    // "Webhook" of an automation, with the post data that the marketer typed.
    automation: ([{ id }]) => formBody({ contact_id: id }),
    'api webhook': ([{ id, email, tags }], at) =>
      jsonBody({
        webhook_id: '3',
        object_type_id: '0',
        event: { type: 'sub_tag', tag_id: String(tags.at(-1)?.id ?? 1) },
        data: { id, email, contact_cat: joined(tags.map((tag) => tag.id)) },
        timestamp: Math.floor(at.getTime() / 1000),
      }),
  },
};
