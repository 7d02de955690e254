import { createHmac, randomUUID } from 'node:crypto';
import type { Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { isJsonObject, type Json } from '../json.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

const errorsOf = (...errors: string[]) => ({ errors });

/** Custom fields are texts. */
function textOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Times have no fraction. */
const time = (iso: string) => iso.replace(/\.\d+Z$/, 'Z');

function basics({ id, email, standard, person }: Contact): object {
  const { first_name = null, state = 'active' } = standard;
  return { id: Number(id), first_name, email_address: email, state, created_at: time(person.createdAt) };
}

/** With every custom field of the account. */
function view(contact: Contact, { account }: Pick<Call, 'account'>): object {
  const fields = account.customFields().map(({ name }) => [name, textOf(contact.custom[name])] as const);
  return { ...basics(contact), fields: Object.fromEntries(fields) };
}

/** One page of a list, whose cursors are numbers in Base64. */
function page({ query }: Call, name: string, all: readonly object[], perPage = 500): object {
  const per_page = Math.min(Number(query.get('per_page') ?? perPage), 1000);
  const start = Number(Buffer.from(query.get('after') ?? '', 'base64').toString());
  const items = all.slice(start, start + per_page);
  const cursor = (at: number) => (items.length === 0 ? null : Buffer.from(String(at)).toString('base64'));
  const pagination = {
    ...{ has_previous_page: start > 0, has_next_page: start + per_page < all.length, per_page },
    ...{ start_cursor: cursor(start), end_cursor: cursor(start + items.length) },
  };
  return { [name]: items, pagination };
}

/** The address is required; a key that no custom field has is left out, with a warning. */
function write(call: Call): Reply | object {
  const { email_address, first_name, fields = {} } = objectAt(call.body);
  if (typeof email_address !== 'string') return new Reply(422, errorsOf('Email address is invalid'));
  const known = new Set(call.account.customFields().map(({ name }) => name));
  const custom = Object.entries(isJsonObject(fields) ? fields : {});
  const unknown = custom.filter(([key]) => !known.has(key));
  const name = first_name === undefined ? {} : { first_name };
  const taken = Object.fromEntries(custom.filter(([key]) => known.has(key)));
  const subscriber = view(call.account.write(call.contact, { email_address, ...name, ...taken }), call);
  const warnings = unknown.map(([key]) => `Unknown custom field key: ${key}`);
  return { subscriber, ...(warnings.length > 0 && { warnings }) };
}

const subscriberWith = (contact: Contact) => {
  return { ...basics(contact), fields: { last_name: textOf(contact.custom['last_name']) } };
};

/** The part of https://developers.kit.com/api-reference (version 4) that reads and writes subscribers. */
export const kit: CrmDescription = {
  basePath: '/v4',
  idOf: (number) => String(320 + number),
  fields: {
    names: { email: 'email_address', firstName: 'first_name', lastName: 'last_name' },
    standard: ['first_name', 'state'],
    unknown: 'ignored',
  },
  credentials: ({ apiToken = '' }) => ({ headers: { 'x-kit-api-key': apiToken } }),
  routes: {
    'GET subscribers?email_address={email}': (call) => {
      const addresses = String(call.values['email']).split(',');
      const found = addresses.flatMap((email) => call.account.byEmail(email));
      const status = call.query.get('status') ?? 'active';
      const wanted = found.filter(
        ({ standard: { state = 'active' } }) => status === 'all' || state === status,
      );
      const withTags = call.query.get('include')?.split(',').includes('tags');
      const subscribers = wanted.map((one) => ({ ...view(one, call), ...(withTags && { tags: one.tags }) }));
      return page(call, 'subscribers', subscribers);
    },
    'GET subscribers': (call) =>
      page(
        call,
        'subscribers',
        call.account.all().map((one) => view(one, call)),
      ),
    'GET tags': (call) => page(call, 'tags', call.account.tags()),
    'GET tags/{tag}/subscribers': (call) => {
      const isMeant = ({ tags }: Contact) => tags.some(({ id }) => String(id) === call.values['tag']);
      const meant = call.account.all().filter(isMeant);
      return page(
        call,
        'subscribers',
        meant.map((one) => view(one, call)),
      );
    },
    'GET subscribers/{id}': (call) => ({ subscriber: { ...view(call.contact, call), canceled_at: null } }),
    'GET subscribers/{id}/tags': (call) => {
      const { tags, person } = call.contact;
      const tagged_at = time(person.updatedAt);
      return page(
        call,
        'tags',
        tags.map((tag) => ({ ...tag, tagged_at })),
      );
    },
    'PUT subscribers/{id}': write,
    'GET custom_fields': (call) => {
      const fields = call.account.customFields().map(({ number: id, name: key, title: label }) => {
        return { id, name: `ck_field_${id}_${key}`, key, label };
      });
      return page(call, 'custom_fields', fields);
    },
    'GET account': () => ({
      user: { email: 'owner@example.com' },
      account: { id: 1, name: 'Acme', plan_type: 'creator' },
    }),
  },
  errors: {
    body: (_status, message) => errorsOf(message),
    notFound: new Reply(404, errorsOf('Not Found')),
    badToken: new Reply(401, errorsOf('The access token is invalid')),
    badWrite: (message) => new Reply(422, errorsOf(message)),
    rateLimited: () => new Reply(429, errorsOf('Rate limit exceeded')),
  },
  limits: [{ calls: 120, seconds: 60 }],
  tagsAt: ['tags', 'subscribers.*.tags'],
  webhooks: {
    // A rule's "Send webhook", and the older webhooks of the API.
    rule: ([contact]) => jsonBody({ subscriber: subscriberWith(contact) }),
    // https://developers.kit.com/webhooks/delivery-format
    endpoint: (contacts, at) => {
      const events = contacts.map((contact) => ({
        ...{ id: randomUUID(), type: 'subscriber.tag_added', created: time(at.toISOString()) },
        data: { subscriber: subscriberWith(contact), tag: { id: 1, name: 'customer' } },
      }));
      return jsonBody({ delivery_id: 123_456, events });
    },
  },
  signature: (body, secret, at) => {
    const time = Math.floor(at.getTime() / 1000);
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
    return { 'x-kit-signature': `t=${time},v1=${signature}` };
  },
};
