import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = '60a6170920d91c215e949b5c';
const second = '60a6170920d91c215e949b5d';
const email = 'ada@example.com';
const standard = {
  ...{ email, phone: ['+442079460000'], firstName: 'Ada', lastName: 'Lovelace', country: 'United Kingdom' },
  ...{ countryCode: 'GB', state: 'England', city: 'London', birthdate: '1815-12-10', status: 'subscribed' },
  ...{ createdAt: '2026-01-05T09:00:00Z', updatedAt: '2026-02-05T09:00:00Z' },
};
const customProperties = {
  company: 'Analytical Engines',
  vip: true,
  score: 98.6,
  orders: 42,
  interests: ['poetry'],
};
const person = (...tags: string[]) => ({
  ...{ id, ...standard, tags, segments: [], customProperties },
  identifiers: [{ type: 'email', id: email, channels: { email: { status: 'subscribed' } } }],
});
const paging = { cursors: { after: null, before: null }, hasMore: false, limit: 10 };
const list = (...contacts: object[]) => ({ contacts, paging });

const example = (name: string, ...tags: string[]): Example => ({
  name,
  recorded: { documented: [person(...tags)] },
  sandbox: {
    ...{ id, email, tags, createdAt: standard.createdAt, updatedAt: standard.updatedAt },
    fields: { ...standard, ...customProperties, phone: standard.phone[0] },
  },
  contact: { id, fields: { ...standard, ...customProperties }, tags },
});
const whole = person('customer');
const problem = (status: number, title: string, more: object = {}) => ({
  status,
  body: { type: 'https://problems.omnisend.com/problem', title, status, ...more },
});
const patch = `PATCH contacts/${id}`;
const byAddress = { contacts: [{ contactEmail: email }] };

export const omnisend: ConnectorEntry = {
  baseUrls: [[{}, 'https://api.omnisend.com/api/']],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { authorization: 'Omnisend-API-Key fake-token', 'omnisend-version': '2026-03-15' } },
  examples: [
    example('several tags', 'customer', 'newsletter'),
    example('one tag', 'customer'),
    example('no tags'),
    example(
      'tags that mean something elsewhere',
      'VIP, gold',
      'source: shopify',
      '#hash',
      'a/b',
      '__proto__',
      '👍',
    ),
  ],
  otherAnswers: {
    'somebody else': [[{ ...whole, id: second }], [second]],
    'a telephone number only': [[{ ...whole, email: undefined }], [id]],
    'no custom properties': [[{ ...whole, customProperties: undefined }], [id]],
  },
  fields: {
    "of the shop's own that are called like others": [
      [{ ...whole, customProperties: { email: 'x@example.com', plan: 'x' } }],
      { email, plan: 'x' },
    ],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an error with 200': [problem(404, 'Not Found').body],
    'a list': [list(whole)],
    'no id': [{ ...whole, id: undefined }],
    'an empty id': [{ ...whole, id: '' }],
    'the id of an older API': [{ ...whole, id: undefined, contactID: id }],
    'no tags': [{ ...whole, tags: undefined }],
    'tags that are null': [{ ...whole, tags: null }],
    'tags as a text': [{ ...whole, tags: 'customer' }],
    'tags as an object': [{ ...whole, tags: { customer: true } }],
    'tags as objects': [{ ...whole, tags: [{ name: 'customer' }] }],
    'tags by number': [{ ...whole, tags: [1] }],
    'null among tags': [{ ...whole, tags: ['customer', null] }],
    'properties as a text': [{ ...whole, customProperties: 'none' }],
    'properties as a list': [{ ...whole, customProperties: [] }],
  },
  errors: {
    'nobody there': {
      ...problem(404, 'Not Found', { detail: 'Contact not found' }),
      code: 'contact_not_found',
    },
    'a key that is none': { ...problem(401, 'Unauthorized'), code: 'crm_credentials_rejected' },
    'a key without the right': { ...problem(403, 'Forbidden'), code: 'crm_credentials_rejected' },
    'a limit': {
      ...problem(429, 'Too Many Requests', { retryAfter: 60 }),
      code: 'crm_rate_limited',
      seconds: 60,
    },
    'a limit without an end': { status: 429, body: '', code: 'crm_rate_limited' },
    'a limit that says it elsewhere': {
      status: 429,
      headers: { 'retry-after': '7' },
      body: { retryAfter: null },
      code: 'crm_rate_limited',
      seconds: 7,
    },
    'a version that is retired': {
      ...problem(410, 'Gone', { detail: 'API version has been retired' }),
      code: 'crm_answer_invalid',
    },
    'a version that is retired, at a write': {
      ...problem(410, 'Gone', { detail: 'API version has been retired' }),
      code: 'crm_answer_invalid',
      isWrite: true,
    },
    'a value that is not taken': {
      ...problem(400, 'Validation', {
        errors: [{ field: 'birthdate', code: 'invalid_format', message: 'x' }],
      }),
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'an automation': [{ email }, byAddress],
    "an automation with the vendor's names": [
      { contactEmail: email, contactName: 'Ada', event: 'subscribed' },
      byAddress,
    ],
    'a contact in the body': [{ contact: { email, first_name: 'Ada' } }, byAddress],
    'an id in the body': [{ id, email }, { contacts: [{ contactId: id }] }],
    'an id by an older name': [{ contactID: id.toUpperCase() }, { contacts: [{ contactId: id }] }],
    'a list of one': [[{ email }], { ...byAddress, isBatch: true }],
    'an address that is none': [{ email: '' }, { contacts: [] }],
  },
  ids: [
    [id, id],
    [id.toUpperCase(), id],
    ...['tags', `${id}0`, '1', email].map((given) => [given, undefined] as const),
  ],
  unknownId: 'f'.repeat(24),
  loads: { [id]: `GET contacts/${id}` },
  finds: { 'ada+x@example.com': 'GET contacts?email=ada+x@example.com&limit=10' },
  writes: [
    ...['wp_password', '__proto__'].map((field) => ({
      ...{ id, field, value: '"\n👍', answers: [{ ...whole, customProperties: { plan: 7 } }, whole] },
      requests: [`GET contacts/${id}`, `${patch} {"customProperties":{"plan":7,"${field}":"\\"\\n👍"}}`],
    })),
    {
      ...{
        id,
        field: 'plan',
        value: 'x',
        answers: [{ ...whole, customProperties: { plan: 7, a: [1] } }, whole],
      },
      requests: [`GET contacts/${id}`, `${patch} {"customProperties":{"plan":"x","a":[1]}}`],
    },
    { id, field: 'city', value: 'Zürich', answers: [whole], requests: [`${patch} {"city":"Zürich"}`] },
  ],
  lists: {
    everybody: {
      kind: 'all',
      place: '60a6170920d91c2100000001',
      answers: [
        {
          contacts: [{ id: '60a6170920d91c2100000002', email: 'ada@example.com', tags: [] }],
          paging: { cursors: { after: '60a6170920d91c2100000002' }, hasMore: true, limit: 100 },
        },
      ],
      requests: ['GET contacts?limit=250&after=60a6170920d91c2100000001'],
      page: {
        contacts: [{ id: '60a6170920d91c2100000002', email: 'ada@example.com' }],
        next: '60a6170920d91c2100000002',
      },
    },
    'who has a tag, among all': {
      kind: 'tag',
      of: 'customer',
      answers: [
        {
          contacts: [
            { id: '60a6170920d91c2100000002', tags: ['customer'] },
            { id: '60a6170920d91c2100000003', tags: ['other'] },
          ],
          paging: { cursors: { after: null }, hasMore: false, limit: 100 },
        },
      ],
      requests: ['GET contacts?limit=250'],
      page: {
        contacts: [
          { id: '60a6170920d91c2100000002', email: undefined },
          { id: '60a6170920d91c2100000003', email: undefined, isOther: true },
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
  check: 'GET contacts?limit=1',
  fieldLists: {
    'a page of contacts': [
      [
        list(
          person(),
          { ...person(), customProperties: { plan: 'x' } },
          { ...person(), customProperties: undefined },
        ),
      ],
      ['email', 'firstName', 'company', 'vip', 'plan'],
      ['GET contacts?limit=100'],
    ],
    'none at all': [[list()], ['email', 'firstName'], ['GET contacts?limit=100']],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ title: 'x', status: 500 }],
  },
  writable: ['wp_password', 'city'],
};
