import { createHash } from 'node:crypto';
import type { AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import type { Json } from '../json.ts';
import { InvalidPerson } from '../person.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

const types: Record<AccountField['type'], string> = {
  text: 'varchar',
  datetime: 'varchar',
  date: 'date',
  boolean: 'enum',
  number: 'double',
  integer: 'double',
  list: 'set',
};
/** Custom fields have a key of forty characters. */
const keyOf = ({ name }: Pick<AccountField, 'name'>) => createHash('sha1').update(name).digest('hex');

const errorOf = (error: string, more = {}) => {
  return { success: false, error, error_info: 'Please check developers.pipedrive.com', ...more };
};
const details = (value: unknown) => (value == null ? [] : [{ value, primary: true, label: 'work' }]);
const nameOf = ({ standard: { name, first_name, last_name } }: Contact) =>
  name ?? [first_name, last_name].filter(Boolean).join(' ');

/** There are neither booleans nor free lists: options, by number or with their labels. */
function stored(value: Json | undefined, isLabelled: boolean): Json {
  const option = (label: string) => {
    const id = 1 + (createHash('sha1').update(label).digest()[0] ?? 0);
    return isLabelled ? { id, label } : id;
  };
  if (typeof value === 'boolean') return option(value ? 'Yes' : 'No');
  if (!Array.isArray(value)) return value ?? null;
  return value.length === 0 ? null : value.map((label) => option(String(label)));
}

function view({ account, query }: Call, contact: Contact): object {
  const { id, email, standard, custom, tags, person } = contact;
  const isLabelled = query.get('include_option_labels') === 'true';
  const values = account.customFields().map((field) => {
    return [keyOf(field), stored(custom[field.name], isLabelled)] as const;
  });
  return {
    id: Number(id),
    name: nameOf(contact),
    first_name: standard['first_name'] ?? null,
    last_name: standard['last_name'] ?? null,
    owner_id: 1,
    org_id: null,
    add_time: person.createdAt,
    update_time: person.updatedAt,
    emails: details(email),
    phones: details(standard['phone']),
    is_deleted: false,
    visible_to: 3,
    label_ids: tags.map((tag) => tag.id),
    ...(query.get('include_labels') === 'true' && {
      labels: tags.map((tag) => ({ id: tag.id, label: tag.name })),
    }),
    custom_fields: Object.fromEntries(values),
  };
}
const answer = (data: object, more = {}) => ({ success: true, data, ...more });

function update(call: Call): object {
  const { custom_fields = {}, ...fields } = objectAt(call.body);
  const known = new Map(call.account.customFields().map((field) => [keyOf(field), field.name]));
  for (const [key, value] of Object.entries(objectAt(custom_fields))) {
    const name = known.get(key);
    if (name === undefined) throw new InvalidPerson('Validation failed');
    fields[name] = value;
  }
  return answer(view(call, call.account.write(call.contact, fields)));
}

/** One page of the fields, behind a cursor. */
function fieldsPage({ account, query }: Call): object {
  const field = (field_name: string, field_code: string, field_type: string, is_custom_field: boolean) => {
    return { field_name, field_code, field_type, options: null, subfields: null, is_custom_field };
  };
  const labels = account.tags().map(({ id, name: label }) => ({ id, label, color: 'green' }));
  const all = [
    { ...field('Labels', 'label_ids', 'set', false), options: labels },
    field('Person Name', 'name', 'varchar', false),
    field('Email', 'email', 'varchar', false),
    ...account.customFields().map((own) => field(own.name, keyOf(own), types[own.type], true)),
  ];
  const [limit, start] = [Number(query.get('limit') ?? 100), Number(query.get('cursor') ?? 0)];
  const next = start + limit < all.length ? String(start + limit) : null;
  return answer(all.slice(start, start + limit), { additional_data: { next_cursor: next } });
}

const event = (meta: object) => ({
  ...{ action: 'change', entity: 'person', company_id: '7', user_id: '9', version: '2.0', attempt: 1 },
  ...{ id: '00000000-0000-0000-0000-000000000001', is_bulk_edit: false, host: 'acme.pipedrive.com', ...meta },
});

/** The part of https://developers.pipedrive.com/docs/api/v1 (version 2 of the API) that reads and writes persons. */
export const pipedrive: CrmDescription = {
  basePath: '/api/v2',
  idOf: String,
  fields: {
    names: { firstName: 'first_name', lastName: 'last_name' },
    standard: ['name', 'first_name', 'last_name', 'phone'],
    unknown: 'refused',
  },
  credentials: ({ apiToken = '' }) => ({ headers: { 'x-api-token': apiToken } }),
  routes: {
    // By any address, exactly, whatever its case.
    'GET persons/search?term={term}&fields=email&exact_match=true': ({ account, values: { term = '' } }) => {
      const items = account.byEmail(term).map((contact) => {
        const { id, email } = contact;
        const item = { id: Number(id), type: 'person', name: nameOf(contact), phones: [], emails: [email] };
        return { result_score: 1.2, item: { ...item, primary_email: email, custom_fields: [], notes: [] } };
      });
      return answer({ items }, { additional_data: { next_cursor: null } });
    },
    'GET persons': (call) => {
      const [limit, start] = [Number(call.query.get('limit') ?? 100), Number(call.query.get('cursor') ?? 0)];
      const all = call.account.all();
      const some = all.slice(start, start + limit).map((contact) => view(call, contact));
      const next = start + limit < all.length ? String(start + limit) : null;
      return answer(some, { additional_data: { next_cursor: next } });
    },
    'GET persons/{id}': (call) => answer(view(call, call.contact)),
    'PATCH persons/{id}': update,
    'GET personFields': fieldsPage,
  },
  errors: {
    body: (_status, message) => errorOf(message),
    notFound: new Reply(404, errorOf('Person not found', { data: null, additional_data: null })),
    badToken: new Reply(401, errorOf('unauthorized access', { errorCode: 401 })),
    badWrite: (message) => new Reply(400, errorOf(message, { code: 'ERR_SCHEMA_VALIDATION_FAILED' })),
    rateLimited: (seconds = 2) => {
      const headers = { 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '0' };
      const reset = { 'x-ratelimit-reset': String(Math.ceil(seconds)) };
      return new Reply(429, errorOf('request over limit', { code: 429 }), { ...headers, ...reset });
    },
  },
  limits: [{ calls: 20, seconds: 2 }],
  tagsAt: ['data.labels'],
  webhooks: {
    'change.person': ([contact], at) => {
      const { id, email, tags } = contact;
      const data = { id: Number(id), name: nameOf(contact), emails: details(email) };
      const meta = event({ entity_id: id, timestamp: at.toISOString() });
      return jsonBody({ meta, data: { ...data, label_ids: tags.map((tag) => tag.id) }, previous: {} });
    },
    'delete.person': ([{ id }], at) =>
      jsonBody({ meta: event({ action: 'delete', entity_id: id, timestamp: at.toISOString() }), data: null }),
    'updated.person, of version 1': ([contact]) => {
      const [id, name] = [Number(contact.id), nameOf(contact)];
      const meta = { action: 'updated', object: 'person', id };
      return jsonBody({ v: 1, event: 'updated.person', current: { id, name }, previous: {}, meta });
    },
  },
};
