import type { Account, AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import type { Json } from '../json.ts';
import { InvalidPerson } from '../person.ts';
import { objectAt } from '../request-body.ts';
import { formBody } from '../webhook-body.ts';

const standard = [
  'given_name',
  'family_name',
  'company',
  'PHONE1',
  'BILLING.locality',
  'BILLING.country_code',
];
/** The vendor's list of what `fields` may name. */
const properties =
  `addresses anniversary_date birth_date company contact_type create_time custom_fields email_addresses
  family_name fax_numbers given_name id job_title leadsource_id links middle_name notes origin owner_id phone_numbers
  preferred_locale preferred_name prefix referral_code score_value social_accounts source_type spouse_name suffix tag_ids
  time_zone update_time utm_parameters website`.split(/\s+/);
/** What comes without being asked for; which of the others do, nobody documents. */
const usual = ['id', 'given_name', 'family_name', 'email_addresses', 'phone_numbers', 'addresses', 'company'];

const types: Record<AccountField['type'], string> = {
  text: 'TEXT',
  date: 'DATE',
  datetime: 'DATE_TIME',
  boolean: 'YES_NO',
  number: 'DECIMAL_NUMBER',
  integer: 'WHOLE_NUMBER',
  list: 'LIST_BOX',
};
const statuses: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
};
const errorOf = (code: number, message: string, details: object[] = []) => {
  return { code, message, status: statuses[code] ?? 'INTERNAL', details };
};

/** Ids are texts, contact details stand in numbered slots, and every custom field is there, empty or not. */
function view(
  { account, query }: Call,
  { id, email, standard: given, custom, tags, person }: Contact,
): object {
  const whole: Record<string, unknown> = {
    id,
    given_name: given['given_name'],
    family_name: given['family_name'],
    company: given['company'] == null ? null : { id: '100', company_name: given['company'] },
    email_addresses: email === null ? [] : [{ email, field: 'EMAIL1', is_opt_in: true }],
    phone_numbers:
      given['PHONE1'] == null ? [] : [{ number: given['PHONE1'], field: 'PHONE1', type: 'Work' }],
    addresses: [
      { field: 'BILLING', locality: given['BILLING.locality'], country_code: given['BILLING.country_code'] },
    ],
    custom_fields: account.customFields().map(({ number, name }) => {
      return { id: String(number), content: custom[name] ?? null };
    }),
    tag_ids: tags.map((tag) => String(tag.id)),
    create_time: person.createdAt,
    update_time: person.updatedAt,
  };
  const asked = query.get('fields')?.split(',') ?? usual;
  if (!asked.every((name) => properties.includes(name))) throw new InvalidPerson('fields: no such property');
  return Object.fromEntries(Object.entries(whole).filter(([name]) => asked.includes(name)));
}

/** `email==ada@example.com`; a star at the end stands for anything. */
function search(account: Account, filter: string): Contact[] {
  const [, wanted] = /^email==(.*)$/.exec(filter) ?? [];
  if (wanted === undefined) throw new InvalidPerson('filter: unknown');
  if (!wanted.endsWith('*')) return account.byEmail(wanted);
  return account.all().filter(({ email }) => email?.startsWith(wanted.slice(0, -1)));
}

/** Only what the mask names. Custom fields that are not among the given ones are emptied. */
function update(call: Call): object {
  const { account, contact, query } = call;
  const mask = query.get('update_mask')?.split(',') ?? [];
  const { custom_fields, ...others } = objectAt(call.body);
  const changes = Object.entries(others).filter(([name]) => mask.includes(name));
  if (mask.includes('custom_fields')) {
    const items = new Map(
      (Array.isArray(custom_fields) ? custom_fields : []).map((item) => {
        const { id, content = null } = objectAt(item);
        return [String(id), content] as const;
      }),
    );
    const fields = account.customFields();
    if ([...items.keys()].some((id) => !fields.some(({ number }) => String(number) === id)))
      throw new InvalidPerson('Invalid custom field');
    changes.push(
      ...fields.map(({ number, name }): [string, Json] => [name, items.get(String(number)) ?? null]),
    );
  }
  return view(call, account.write(contact, Object.fromEntries(changes)));
}

/** The part of https://developer.keap.com/docs/restv2/ that reads and writes contacts. */
export const keap: CrmDescription = {
  basePath: '/crm/rest/v2/',
  idOf: (number) => String(1000 + number),
  fields: {
    names: {
      firstName: 'given_name',
      lastName: 'family_name',
      phone: 'PHONE1',
      city: 'BILLING.locality',
      country: 'BILLING.country_code',
    },
    standard,
    unknown: 'refused',
  },
  credentials: ({ apiToken = '' }) => ({ headers: { 'x-keap-api-key': apiToken } }),
  routes: {
    'GET contacts/model': ({ account }) => {
      const custom_fields = account.customFields().map(({ number, name, title, type }) => {
        return {
          id: String(number),
          label: title,
          field_name: name,
          field_type: types[type],
          record_type: 'CONTACT',
        };
      });
      return { custom_fields, optional_properties: properties };
    },
    'GET contacts?filter={filter}': (call) => {
      const contacts = search(call.account, call.values['filter'] ?? '').map((contact) =>
        view(call, contact),
      );
      return { contacts, next_page_token: '' };
    },
    'GET contacts': (call) => {
      const { account, query } = call;
      const [size, start] = [Number(query.get('page_size') ?? 1000), Number(query.get('page_token') ?? 0)];
      const contacts = account
        .all()
        .slice(start, start + size)
        .map((contact) => view(call, contact));
      const next = start + size < account.all().length ? String(start + size) : '';
      return { contacts, next_page_token: next };
    },
    'GET contacts/{id}': (call) => view(call, call.contact),
    'PATCH contacts/{id}': update,
    'GET tags/{tag}/contacts': ({ account, query, values: { tag } }) => {
      const [size, start] = [Number(query.get('page_size') ?? 1000), Number(query.get('page_token') ?? 0)];
      const members = account.all().filter(({ tags }) => tags.some(({ id }) => String(id) === tag));
      const contacts = members
        .slice(start, start + size)
        .map(({ id, email }) => ({ id, email: email ?? '' }));
      return { contacts, next_page_token: start + size < members.length ? String(start + size) : '' };
    },
    'GET tags': ({ account, query }) => {
      const [size, start] = [Number(query.get('page_size') ?? 1000), Number(query.get('page_token') ?? 0)];
      const page = account.tags().slice(start, start + size);
      const tags = page.map(({ id, name }) => ({ id: String(id), name, category: { id: '3' } }));
      return { tags, next_page_token: start + size < account.tags().length ? String(start + size) : '' };
    },
  },
  errors: {
    body: errorOf,
    notFound: new Reply(404, errorOf(404, 'Contact not found', [{ domain: 'Contact', resource: '1001' }])),
    badToken: new Reply(401, errorOf(401, 'Invalid API key')),
    // The gateway's words, which nobody documents.
    rateLimited: () => {
      const detail = { errorcode: 'policies.ratelimit.SpikeArrestViolation' };
      return new Reply(429, { fault: { faultstring: 'Spike arrest violation', detail } });
    },
  },
  limits: [
    { calls: 10, seconds: 1 },
    { calls: 240, seconds: 60 },
  ],
  tagsAt: ['tag_ids', 'contacts.*.tag_ids'],
  webhooks: {
    // "Send HTTP POST" sends the pairs that somebody typed.
    'http post': ([{ id }]) => formBody({ contactId: id }),
    'http post with an address': ([{ id, email }]) => formBody({ contactId: id, Email: email }),
  },
};
