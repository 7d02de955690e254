import type { Account, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import { basicAuth } from '../basic-auth.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { InvalidPerson } from '../person.ts';
import { jsonBody } from '../webhook-body.ts';

const accountId = '9999999';
const texts = ['first_name', 'last_name', 'address1', 'address2', 'city', 'state', 'zip', 'country', 'phone'];
const standard = [...texts, 'sms_number', 'time_zone', 'user_id'];

/** About twenty lower-case letters and digits. */
const idOf = (number: number) => `z1togz2hcj${String(number).padStart(10, '0')}`;

const errorOf = (code: string, message: string, more = {}) => ({ errors: [{ code, ...more, message }] });

function view({ id, email, standard: given, custom, tags, person }: Contact): JsonObject {
  return {
    id,
    status: 'active',
    email,
    ...Object.fromEntries(texts.map((name) => [name, null])),
    time_zone: 'Etc/UTC',
    utc_offset: 0,
    ...given,
    custom_fields: custom,
    tags: tags.map(({ name }) => name),
    ip_address: null,
    user_agent: null,
    lifetime_value: null,
    lead_score: null,
    created_at: person.createdAt.replace(/\.\d+Z$/, 'Z'),
    href: `https://api.getdrip.com/v2/${accountId}/subscribers/${id}`,
    links: { account: accountId },
  };
}

const answer = (contacts: readonly Contact[]) => ({
  links: { 'subscribers.account': 'https://api.getdrip.com/v2/accounts/{subscribers.account}' },
  subscribers: contacts.map(view),
});

/** By id or by address. Creates whoever is not there and has an address. */
function upsert(account: Account, sent: JsonObject): Contact {
  const { id, email, custom_fields, tags: _tags, ...fields } = sent;
  const found = account.find(String(id)) ?? account.byEmail(String(email))[0];
  if (!found && typeof email !== 'string') throw new InvalidPerson('Email is required');
  const own = isJsonObject(custom_fields) ? custom_fields : {};
  return account.write(found ?? {}, { ...(email === undefined ? {} : { email }), ...fields, ...own });
}

function post({ body, account }: Call): object {
  const sent = isJsonObject(body) ? [body['subscribers'] ?? []].flat().filter(isJsonObject) : [];
  if (sent.length === 0) throw new InvalidPerson('Subscribers is required');
  return answer(sent.map((one) => upsert(account, one)));
}

/** What https://developer.drip.com says of subscribers. */
export const drip: CrmDescription = {
  basePath: `/v2/${accountId}/`,
  settings: { account: accountId },
  idOf,
  fields: { names: { firstName: 'first_name', lastName: 'last_name', userId: 'user_id' }, standard },
  credentials: ({ apiToken }) => ({ headers: { authorization: basicAuth(apiToken, '') } }),
  routes: {
    'GET subscribers': ({ account, query }) => {
      const tag = query.get('tags');
      const meant = account.all().filter(({ tags }) => tag === null || tags.some(({ name }) => name === tag));
      const [size, page] = [Number(query.get('per_page') ?? 100), Number(query.get('page') ?? 1)];
      const count = Math.max(1, Math.ceil(meant.length / size));
      const meta = { page, count: size, total_pages: count, total_count: meant.length };
      return { ...answer(meant.slice((page - 1) * size, page * size)), meta };
    },
    'GET tags': ({ account }) => ({ tags: account.tags().map(({ name }) => name) }),
    'GET subscribers/{idOrEmail}': ({ values: { idOrEmail = '' }, account }) => {
      const found = account.find(idOrEmail) ?? account.byEmail(idOrEmail)[0];
      return found && answer([found]);
    },
    'POST subscribers': post,
    'GET custom_field_identifiers': ({ account }) => ({
      custom_field_identifiers: account.customFields().map(({ name }) => name),
    }),
  },
  errors: {
    body: (_status, message) => ({ message }),
    notFound: new Reply(404, errorOf('not_found_error', 'The resource you requested was not found')),
    badToken: new Reply(
      401,
      errorOf('authentication_error', 'Authentication failed, check your credentials'),
    ),
    badWrite: (message) => new Reply(422, errorOf('presence_error', message, { attribute: 'email' })),
    rateLimited: () =>
      new Reply(
        429,
        { message: 'API rate limit exceeded. Please try again in an hour.' },
        { 'x-ratelimit-limit': '3600', 'x-ratelimit-remaining': '0' },
      ),
  },
  limits: [{ calls: 3600, seconds: 3600 }],
  tagsAt: ['subscribers.*.tags'],
  webhooks: {
    'send an HTTP POST': ([contact]) => jsonBody({ subscriber: view(contact) }),
    'account webhook': ([contact], at) =>
      jsonBody({
        event: 'subscriber.applied_tag',
        data: {
          account_id: accountId,
          subscriber: view(contact),
          properties: { tag: contact.tags.at(-1)?.name ?? 'customer' },
        },
        occurred_at: at.toISOString(),
      }),
  },
};
