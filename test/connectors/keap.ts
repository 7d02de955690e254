import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { Answers, ConnectorEntry, Example } from './connector-entry.ts';

/** Custom fields by number, name in the database, label and value. */
const custom: [id: string, field_name: string, label: string, content: unknown][] = [
  ['5', 'birthday', 'Birthday', '1815-12-10'],
  ['6', 'vip', 'VIP', true],
  ['7', 'score', 'Score', 98.6],
  ['9', 'interests', 'Interests', ['mathematics', 'poetry']],
  ['11', 'bio', 'Bio', 'Countess'],
  ['12', 'nickname', 'Nickname', null],
];
const model = {
  custom_fields: custom.map(([id, field_name, label]) => {
    return { id, label, field_name, field_type: 'TEXT', record_type: 'CONTACT' };
  }),
  optional_properties: ['tag_ids', 'custom_fields'],
};
const person = {
  id: '1815',
  given_name: 'Ada',
  family_name: 'Lovelace',
  company: { id: '100', company_name: 'Analytical Engines' },
  email_addresses: [
    { email: 'ada@home.example.com', field: 'EMAIL2' },
    { email: 'ada@example.com', field: 'EMAIL1', is_opt_in: true, email_opt_status: 'SINGLE_OPT_IN' },
  ],
  phone_numbers: [{ number: '2079460000', field: 'PHONE1', type: 'Work' }],
  addresses: [{ field: 'BILLING', line1: '1 Main St', locality: 'London', country_code: 'GBR' }],
  custom_fields: custom.map(([id, , , content]) => ({ id, content })),
  create_time: '2026-01-05T09:00:00Z',
};
const labels = ['customer', 'VIP, gold 👍', 'a/b'];
const numbered = labels.map((name, index) => ({ id: `${91 + index}`, name, category: { id: '3' } }));
const tags = { tags: numbered, next_page_token: '' };
const withTags = (...tag_ids: unknown[]) => ({ ...person, tag_ids });
const whole = (...tag_ids: string[]): Answers => [withTags(...tag_ids), tags, model];

const fields = {
  given_name: 'Ada',
  family_name: 'Lovelace',
  company: 'Analytical Engines',
  EMAIL1: 'ada@example.com',
  PHONE1: '2079460000',
  'BILLING.locality': 'London',
  'BILLING.country_code': 'GBR',
  ...Object.fromEntries(
    custom.flatMap(([, name, label, content]) => [
      [name, content],
      [label, content],
    ]),
  ),
};
const stored = (own: readonly string[]): PersonDraft => ({
  id: '1815',
  email: 'ada@example.com',
  tags: own,
  fields: {
    firstName: 'Ada',
    lastName: 'Lovelace',
    company: 'Analytical Engines',
    phone: '2079460000',
    city: 'London',
    country: 'GBR',
    ...Object.fromEntries(custom.map(([, name, , content]) => [name, content])),
  },
});
const example = (name: string, recorded: Example['recorded'], own: readonly string[]): Example => ({
  name,
  recorded,
  sandbox: stored(own),
  contact: { id: '1815', fields, tags: own },
});

const one = { contacts: [{ contactId: '1815' }] };
const asked = 'id,company,email_addresses,phone_numbers,addresses,custom_fields,tag_ids';
const error = (code: number, message: string, status: string) => ({ code, message, status, details: [] });
const ids = '0 007 -1 1.0 1e3 abc model .. 12345678901234567 ada@example.com'.split(' ');
const now = '2026-03-01T12:00:00Z';

export const keap: ConnectorEntry = {
  baseUrls: [[{}, 'https://api.keap.com/crm/rest/v2/']],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { 'x-keap-api-key': 'fake-token' } },
  examples: [
    example('tags by number, labels from the dictionary', { documented: whole('91', '93') }, [
      'customer',
      'a/b',
    ]),
    example('one tag', { documented: whole('91') }, ['customer']),
    example('no tags', { 'an empty list': whole() }, []),
    example('numbers that are not quoted', { 'version 1': [withTags(92), tags, model] }, ['VIP, gold 👍']),
    example(
      'labels on two pages',
      {
        documented: [
          withTags('91', '92'),
          { tags: numbered.slice(0, 1), next_page_token: 'fake-page' },
          { tags: numbered.slice(1), next_page_token: '' },
          model,
        ],
      },
      ['customer', 'VIP, gold 👍'],
    ),
  ],
  otherAnswers: {
    'somebody else': [[{ ...withTags(), id: '1816' }, tags, model], ['1816']],
    'an id as a number': [[{ ...withTags(), id: 1815 }, tags, model], ['1815']],
    'a custom field without a value': [
      [{ id: '1815', custom_fields: [{ id: '7' }], tag_ids: [] }, tags, model],
      ['1815'],
    ],
    'neither company nor addresses': [
      [{ id: '1815', company: null, custom_fields: [], tag_ids: [] }, tags, model],
      ['1815'],
    ],
  },
  fields: {
    'two fields of one label': [
      [
        {
          ...withTags(),
          custom_fields: [
            { id: '2', content: 'second' },
            { id: '1', content: 'first' },
          ],
        },
        tags,
        {
          custom_fields: [
            { id: '2', field_name: 'Size0', label: 'Size' },
            { id: '1', field_name: 'Size', label: 'Size' },
          ],
        },
      ],
      { Size: 'first', Size0: 'second' },
    ],
    'a label that hides no property': [
      [
        {
          ...withTags(),
          custom_fields: [
            { id: '1', content: 'x' },
            { id: '404', content: 'deleted' },
          ],
        },
        tags,
        { custom_fields: [{ id: '1', field_name: 'company0', label: 'company' }] },
      ],
      { company: 'Analytical Engines', company0: 'x' },
    ],
  },
  refused: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [error(404, 'Contact not found', 'NOT_FOUND')],
    'a list': [{ contacts: [withTags()], next_page_token: '' }],
    'no id': [{ ...withTags(), id: undefined }],
    'no tags, as if nobody had asked for them': [person],
    'tags as null': [{ ...person, tag_ids: null }],
    'tags as a text': [{ ...person, tag_ids: '91,93' }],
    'tags as objects': [withTags({ id: '91' })],
    'a tag without a label': [withTags('91', '404'), tags, model],
    'labels of an unknown shape': [withTags('91'), { tags: [{ id: '91' }] }],
    'no labels': [withTags('91'), { next_page_token: '' }],
    'no custom fields': [{ ...withTags(), custom_fields: undefined }],
    'custom fields as an object': [{ ...withTags(), custom_fields: { vip: true } }],
    'no names of custom fields': [withTags(), tags, { optional_properties: [] }],
  },
  errors: {
    'nobody there': {
      status: 404,
      body: {
        ...error(404, 'Contact not found', 'NOT_FOUND'),
        details: [{ domain: 'Contact', resource: '1001' }],
      },
      code: 'contact_not_found',
    },
    'a key that is none': {
      status: 401,
      body: error(401, 'Invalid API key', 'UNAUTHENTICATED'),
      code: 'crm_credentials_rejected',
    },
    'too many calls a second': {
      status: 429,
      headers: { 'x-keap-product-quota-available': '29000', 'x-keap-product-throttle-available': '0' },
      body: { fault: { faultstring: 'Spike arrest violation' } },
      code: 'crm_rate_limited',
    },
    'too many calls a day': {
      status: 429,
      headers: {
        'x-keap-product-quota-available': '0',
        'x-keap-product-quota-expiry-time': String(Date.parse(now) + 7_200_000),
      },
      body: { fault: { faultstring: 'Quota violation' } },
      code: 'crm_rate_limited',
      seconds: 7200,
    },
    'a field that is none': {
      status: 400,
      body: error(400, 'Invalid custom field', 'INVALID_ARGUMENT'),
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a step of an automation': ['wpf_action=update&access_key=KEY&contactId=1815', one],
    'another name for the id': ['contact_id=1815&Email=ada%40example.com', one],
    'the fields of a contact, as older automations post them': [
      'Id=1815&FirstName=Ada&Email=ada%40example.com',
      one,
    ],
    'an address only': ['Email=ada%40example.com', { contacts: [{ contactEmail: 'ada@example.com' }] }],
    'a pair that was empty': ['contactId=', { contacts: [] }],
    'the same as JSON': [{ contactId: 1815 }, one],
  },
  ids: [['1815', '1815'], ...ids.map((given) => [given, undefined] as const)],
  unknownId: '999999999',
  loads: { '1815': `GET contacts/1815?fields=${asked}` },
  finds: { 'ada@example.com': `GET contacts?filter=email==ada@example.com&fields=${asked}` },
  writes: [
    {
      id: '1815',
      field: 'Nickname',
      value: '"\n👍',
      answers: [
        {
          id: '1815',
          custom_fields: [
            { id: '7', content: 98.6 },
            { id: '12', content: 'x' },
          ],
        },
        model,
        {},
      ],
      requests: [
        'GET contacts/1815?fields=id,custom_fields',
        'GET contacts/model',
        'PATCH contacts/1815?update_mask=custom_fields {"custom_fields":[{"id":"12","content":"\\"\\n👍"},{"id":"7","content":98.6}]}',
      ],
    },
    {
      id: '1815',
      field: 'given_name',
      value: 'Zoë',
      answers: [{}],
      requests: ['PATCH contacts/1815?update_mask=given_name {"given_name":"Zoë"}'],
    },
  ],
  lists: {
    everybody: {
      kind: 'all',
      answers: [
        {
          contacts: [{ id: '7', email_addresses: [{ field: 'EMAIL1', email: 'ada@example.com' }] }],
          next_page_token: 'abc',
        },
      ],
      requests: ['GET contacts?fields=id,email_addresses&page_size=1000'],
      page: { contacts: [{ id: '7', email: 'ada@example.com' }], next: 'abc' },
    },
    'who has a tag': {
      kind: 'tag',
      of: 'customer',
      place: 'abc',
      answers: [
        { tags: [{ id: '3', name: 'customer' }], next_page_token: '' },
        {
          contacts: [
            { id: '7', email: 'ada@example.com', applied_time: '2026-01-05T09:00:00Z' },
            { id: '8', email: '' },
          ],
          next_page_token: '',
        },
      ],
      requests: ['GET tags?page_size=1000', 'GET tags/3/contacts?page_size=1000&page_token=abc'],
      page: {
        contacts: [
          { id: '7', email: 'ada@example.com' },
          { id: '8', email: undefined },
        ],
        next: undefined,
      },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET contacts/model',
  fieldLists: {
    documented: [[model], ['EMAIL1', 'given_name', 'vip', 'VIP'], ['GET contacts/model']],
    'none of its own': [[{ custom_fields: [] }], ['BILLING.locality'], ['GET contacts/model']],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'names that are numbers': [{ custom_fields: [{ id: '1', label: 7 }] }],
  },
  writable: ['wp_password', 'Nickname', 'given_name'],
};
