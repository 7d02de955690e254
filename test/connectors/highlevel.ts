import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = 'ocQHyuzHvysMo5N5VsXc';
const location = 've9EPM428h8vShlRW1KT';
const values = {
  wp_password: 'x',
  vip: true,
  orders: 42,
  birthday: '1815-12-10',
  interests: ['mathematics', 'poetry'],
};

/** As the sandbox numbers them. */
const definitions = {
  customFields: [
    { id: 'Field000000000000001', name: 'WP password', fieldKey: 'contact.wp_password', dataType: 'TEXT' },
    { id: 'Field000000000000005', name: 'Birthday', fieldKey: 'contact.birthday', dataType: 'DATE' },
    { id: 'Field000000000000006', name: 'VIP', fieldKey: 'contact.vip', dataType: 'RADIO' },
    { id: 'Field000000000000008', name: 'Orders', fieldKey: 'contact.orders', dataType: 'NUMERICAL' },
    { id: 'Field000000000000009', name: 'Interests', fieldKey: 'contact.interests', dataType: 'CHECKBOX' },
  ],
};
const customFields = Object.entries(values).map(([name, value]) => {
  const own = definitions.customFields.find(({ fieldKey }) => fieldKey === `contact.${name}`);
  return { id: own?.id, value };
});
const standard = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  phone: '+442079460000',
  companyName: 'Analytical Engines',
  country: 'GB',
  state: 'England',
  city: 'London',
  dateOfBirth: '1815-12-10T00:00:00.000Z',
};
const person = {
  id,
  locationId: location,
  email: 'ada@example.com',
  ...standard,
  dateAdded: '2026-01-05T09:00:00.000Z',
  dateUpdated: '2026-02-05T09:00:00.000Z',
  customFields,
};
const traceId = '00000000-0000-0000-0000-000000000000';
const answer = (tags: unknown, more = {}) => ({ contact: { ...person, tags, ...more }, traceId });

const named = {
  ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`contact.${name}`, value])),
  'WP password': 'x',
  VIP: true,
};
const example = (name: string, given: string[], tags = given): Example => ({
  name,
  recorded: { documented: [answer(given), definitions] },
  sandbox: {
    id,
    email: person.email,
    tags: given,
    fields: { ...standard, ...values },
    createdAt: person.dateAdded,
    updatedAt: person.dateUpdated,
  } satisfies PersonDraft,
  contact: { id, fields: { email: person.email, ...standard, ...named }, tags },
});
const one = { contacts: [{ contactId: id }] };
const plain = (tags: unknown) => [answer(tags, { customFields: [] })];
const keyed = `GET locations/${location}/customFields?model=contact`;

export const highlevel: ConnectorEntry = {
  baseUrls: [[{ location }, 'https://services.leadconnectorhq.com/']],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { authorization: 'Bearer fake-token', version: '2021-07-28' } },
  examples: [
    example('tags', ['customer', 'vip customer']),
    example('one tag', ['customer']),
    example('no tags', []),
    example('tags with spaces, and twice', [' customer ', 'vip', 'customer'], ['customer', 'vip']),
    example('tags that mean something elsewhere', ['#hash', 'a/b', 'a,b', '__proto__', '100%', '👍']),
  ],
  otherAnswers: {
    'no custom fields': [[answer([], { customFields: undefined })], [id]],
    'a custom field without a value': [[answer([], { customFields: [{ id: 'x' }] }), definitions], [id]],
    'another contact': [
      [answer([], { id: 'another00000000000001' }), definitions],
      ['another00000000000001'],
    ],
  },
  fields: {
    'a value of a field that is not there any more': [
      [answer([], { customFields: [{ id: 'gone', value: 'x' }, ...customFields] }), definitions],
      named,
    ],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an empty object': [{}],
    'a contact without its key': [{ ...person, tags: [] }],
    'nobody, with 200': [{ contact: null }],
    'an error with 200': [{ statusCode: 400, message: 'x' }],
    'no id': plain([]).map(({ contact }) => ({ contact: { ...contact, id: undefined } })),
    'a number for an id': [answer([], { id: 7 })],
    'no tags': plain(undefined),
    'null for tags': plain(null),
    'tags as a text': plain('customer,vip'),
    'tags as an object': plain({ customer: true }),
    'tags as objects': plain([{ id: 1 }]),
    'null among tags': plain([null]),
    'custom fields as an object': [answer([], { customFields: {} })],
    'no definitions': [answer(['customer']), {}],
    'definitions without keys': [answer(['customer']), { customFields: [{ id: 'x', name: 'X' }] }],
  },
  errors: {
    'nobody there': {
      status: 400,
      body: { statusCode: 400, message: 'Contact with id xxx not found' },
      code: 'contact_not_found',
    },
    'a token that is none': {
      status: 401,
      body: { statusCode: 401, message: 'Invalid JWT' },
      code: 'crm_credentials_rejected',
    },
    'a token of another sub-account': {
      status: 403,
      body: { statusCode: 403, message: 'The token does not have access to this location.' },
      code: 'crm_credentials_rejected',
    },
    'a value that is none': {
      status: 422,
      body: { statusCode: 422, message: ['customFields must be an array'], error: 'Unprocessable Entity' },
      code: 'crm_write_refused',
      isWrite: true,
    },
    'a limit': {
      status: 429,
      headers: { 'x-ratelimit-max': '100', 'x-ratelimit-interval-milliseconds': '10000' },
      body: { statusCode: 429, message: 'Too Many Requests' },
      code: 'crm_rate_limited',
      seconds: 10,
    },
    'a limit that says nothing': { status: 429, body: {}, code: 'crm_rate_limited' },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a workflow': [
      {
        contact_id: id,
        first_name: 'Ada',
        email: 'ada@example.com',
        tags: 'customer,newsletter',
        contact_type: 'lead',
        location: { id: location, name: 'Acme' },
        workflow: { id: 'w1', name: 'Import' },
        customData: {},
      },
      one,
    ],
    'a workflow of an opportunity': [{ id: 'opportunity0000000001', contact_id: id, status: 'won' }, one],
    'a workflow with typed data': [{ email: 'ada@example.com', customData: { contact_id: id } }, one],
    'a workflow without an id': [
      { email: 'ada@example.com', workflow: { id: 'w1' } },
      { contacts: [{ contactEmail: 'ada@example.com' }] },
    ],
    'an app event': [
      { type: 'ContactTagUpdate', locationId: location, id, email: 'ada@example.com', tags: ['customer'] },
      one,
    ],
    'an app event of an opportunity': [
      { type: 'OpportunityCreate', locationId: location, id: 'opportunity0000000001', contactId: id },
      { contacts: [], ignored: 1 },
    ],
  },
  ids: [
    [id, id],
    ['ab12AB12ab12AB12ab12AB12', 'ab12AB12ab12AB12ab12AB12'],
    ...['search', '..', 'ada@example.com', `${id} `, '7'].map((given) => [given, undefined] as const),
  ],
  unknownId: 'nobody00000000000000',
  loads: { [id]: `GET contacts/${id}` },
  finds: {
    'ada+x@example.com': `GET contacts/search/duplicate?locationId=${location}&email=ada+x@example.com`,
  },
  writes: [
    {
      id,
      field: 'contact.wp_password',
      value: 'fake-password',
      answers: [definitions, { succeded: true }],
      requests: [
        keyed,
        `PUT contacts/${id} {"customFields":[{"id":"Field000000000000001","field_value":"fake-password"}]}`,
      ],
    },
    {
      id,
      field: 'WP password',
      value: 'x',
      answers: [definitions, { succeded: true }],
      requests: [
        keyed,
        `PUT contacts/${id} {"customFields":[{"id":"Field000000000000001","field_value":"x"}]}`,
      ],
    },
    {
      id,
      field: 'city',
      value: 'Zürich "#1"',
      answers: [{ succeded: true }],
      requests: [`PUT contacts/${id} {"city":"Zürich \\"#1\\""}`],
    },
  ],
  lists: {
    everybody: {
      kind: 'all',
      place: '[1767603600000,"a"]',
      answers: [
        {
          contacts: [{ id: 'a1', email: 'ada@example.com', tags: [], searchAfter: [1767603600001, 'a1'] }],
          total: 2,
        },
      ],
      requests: [
        'POST contacts/search {"locationId":"ve9EPM428h8vShlRW1KT","pageLimit":100,"sort":[{"field":"dateAdded","direction":"asc"}],"searchAfter":[1767603600000,"a"]}',
      ],
      page: { contacts: [{ id: 'a1', email: 'ada@example.com' }], next: '[1767603600001,"a1"]' },
    },
    'who has a tag, among all': {
      kind: 'tag',
      of: 'Customer',
      answers: [{ tags: [{ id: 'x', name: 'customer' }] }, { contacts: [], total: 0 }],
      requests: [
        'GET locations/ve9EPM428h8vShlRW1KT/tags',
        'POST contacts/search {"locationId":"ve9EPM428h8vShlRW1KT","pageLimit":100,"sort":[{"field":"dateAdded","direction":"asc"}]}',
      ],
      page: { contacts: [], next: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: keyed,
  fieldLists: {
    documented: [[definitions], ['contact.wp_password', 'WP password', 'email', 'companyName'], [keyed]],
  },
  noFieldLists: { nothing: [null], 'an empty object': [{}], 'fields without keys': [{ customFields: [{}] }] },
  writable: ['contact.wp_password', 'city'],
};
