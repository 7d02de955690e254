import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = '42';
const attributes = {
  FIRSTNAME: 'Ada',
  LASTNAME: 'Lovelace',
  SMS: '442079460000',
  COMPANY: 'Analytical Engines',
  BIRTHDAY: '1815-12-10',
  VIP: true,
  SCORE: 98.6,
  ORDERS: 42,
  INTERESTS: ['mathematics', 'poetry'],
};
const standard = {
  ...{ id: 42, email: 'ada@example.com', emailBlacklisted: false, smsBlacklisted: false },
  ...{ createdAt: '2026-01-05T09:00:00.000+00:00', modifiedAt: '2026-02-05T09:00:00.000+00:00' },
};
const person = (...listIds: number[]) => ({
  ...{ ...standard, whatsappBlacklisted: false, listIds, listUnsubscribed: null, attributes, statistics: {} },
});
const lists = (count: number, ...names: string[]) => ({
  count,
  lists: names.map((name, index) => ({ id: 4 + index, name, folderId: 1, uniqueSubscribers: 12 })),
});
const attributeList = {
  attributes: ['FIRSTNAME', 'WP_PASSWORD', '__proto__'].map((name) => ({
    name,
    category: 'normal',
    type: 'text',
  })),
};

const example = (name: string, recorded: Example['recorded'], ...tags: string[]): Example => ({
  name,
  recorded,
  sandbox: {
    id,
    email: standard.email,
    ...{ createdAt: '2026-01-05T09:00:00.000Z', updatedAt: '2026-02-05T09:00:00.000Z' },
    tags,
    fields: attributes,
  },
  contact: { id, fields: { ...standard, ...attributes }, tags },
});
const odd = ['VIP, gold', '#hash', 'a/b', '__proto__', '100%', '👍'];

const found = { contacts: [{ contactId: id }] };
const byAddress = { contacts: [{ contactEmail: standard.email }] };
const marketing = (event: string, more = {}) => ({
  ...{ event, email: standard.email, id: 99, key: 'x', date: '2026-02-05 09:00:00' },
  ...more,
});
const asked = `GET contacts/${id}?identifierType=contact_id`;

export const brevo: ConnectorEntry = {
  baseUrls: [[{}, 'https://api.brevo.com/v3/']],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { 'api-key': 'fake-token' } },
  examples: [
    example(
      'several lists',
      { recorded: [person(4, 5), lists(2, 'customer', 'newsletter')] },
      'customer',
      'newsletter',
    ),
    example(
      'one list of many',
      {
        recorded: [person(4), lists(3, 'customer', 'b', 'c')],
        'that are not counted': [person(4), { lists: lists(3, 'customer', 'b').lists }],
        'on the second page': [
          person(4),
          { count: 51, lists: Array.from({ length: 50 }, (_, n) => ({ id: 100 + n, name: `list ${n}` })) },
          lists(51, 'customer'),
        ],
      },
      'customer',
    ),
    example('no lists', { recorded: [person()] }),
    example(
      'lists whose names mean something elsewhere',
      { recorded: [person(4, 5, 6, 7, 8, 9), lists(6, ...odd)] },
      ...odd,
    ),
  ],
  otherAnswers: {
    'somebody else': [[{ ...person(), id: 43 }], ['43']],
    'a telephone number only': [[{ ...person(), email: undefined }], [id]],
    'no attributes': [[{ ...person(), attributes: {} }], [id]],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an error with 200': [{ code: 'document_not_found', message: 'Contact does not exist' }],
    'a list of contacts': [{ contacts: [person()], count: 1 }],
    'no id': [{ ...person(), id: undefined }],
    'an id as a text': [{ ...person(), id: '42' }],
    'no lists': [{ ...person(), listIds: undefined }],
    'lists that are null': [{ ...person(), listIds: null }],
    'lists as a text': [{ ...person(), listIds: '4,5' }],
    'lists as an object': [{ ...person(), listIds: { '4': true } }],
    'lists by name': [{ ...person(), listIds: ['customer'] }],
    'no attributes': [{ ...person(), attributes: undefined }],
    'attributes as a text': [{ ...person(), attributes: 'none' }],
    'a list without a name': [person(4), lists(1)],
    'names of other lists': [person(4, 9), lists(1, 'customer')],
    'names that are null': [person(4), { count: 1, lists: null }],
    'names that are numbers': [person(4), { count: 1, lists: [{ id: 4, name: 4 }] }],
    'an error for names': [person(4), { code: 'x', message: 'x' }],
  },
  errors: {
    'nobody there': {
      status: 404,
      body: { code: 'document_not_found', message: 'Contact does not exist' },
      code: 'contact_not_found',
    },
    'a key that is none': {
      status: 401,
      body: { code: 'unauthorized', message: 'Key not found' },
      code: 'crm_credentials_rejected',
    },
    'a limit': {
      status: 429,
      headers: {
        'x-sib-ratelimit-limit': '36000',
        'x-sib-ratelimit-remaining': '0',
        'x-sib-ratelimit-reset': '300',
      },
      body: { code: 'too_many_requests', message: 'Too many requests' },
      code: 'crm_rate_limited',
      seconds: 300,
    },
    'a limit that ends now': {
      status: 429,
      headers: { 'x-sib-ratelimit-reset': '0' },
      body: { code: 'too_many_requests', message: 'Too many requests' },
      code: 'crm_rate_limited',
    },
    'a value that is not taken': {
      status: 400,
      body: { code: 'invalid_parameter', message: 'Invalid phone number' },
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'an automation': [{ contact_id: 42, email: standard.email, step_id: 3, workflow_id: 12 }, found],
    'an automation of the classic editor': [
      {
        email: standard.email,
        properties: { contact_id: 42, FIRSTNAME: 'Ada' },
        workflow_id: 12,
        step_id: 3,
      },
      found,
    ],
    'an automation without properties': [{ email: standard.email, workflow_id: 12, step_id: 3 }, byAddress],
    'a contact added to a list': [marketing('list_addition', { list_id: [4] }), byAddress],
    'a contact that changed': [marketing('contact_updated'), byAddress],
    'an address that left': [marketing('unsubscribe'), byAddress],
    'a mail that was opened': [marketing('opened'), { contacts: [], ignored: 1 }],
    'a mail that came back': [marketing('hard_bounce'), { contacts: [], ignored: 1 }],
    'a mail that arrived, as API-made hooks say it': [
      marketing('uniqueOpened'),
      { contacts: [], ignored: 1 },
    ],
    nobody: [{ workflow_id: 12, step_id: 3 }, { contacts: [] }],
  },
  ids: [
    [id, id],
    ['9007199254740991', '9007199254740991'],
    ...['0', '042', '-1', '9007199254740993', 'abc', 'ada@example.com'].map(
      (given) => [given, undefined] as const,
    ),
  ],
  unknownId: '999999',
  loads: { [id]: asked },
  finds: { 'ada+x@example.com': 'GET contacts/ada%2Bx%40example.com?identifierType=email_id' },
  writes: [
    ...['WP_PASSWORD', '__proto__'].map((field) => ({
      ...{ id, field, value: '"\n👍', answers: [attributeList, {}] },
      requests: [
        'GET contacts/attributes',
        `PUT contacts/42?identifierType=contact_id {"attributes":{"${field}":"\\"\\n👍"}}`,
      ],
    })),
    {
      ...{ id, field: 'email', value: 'x@example.com', answers: [attributeList, {}] },
      requests: [
        'GET contacts/attributes',
        'PUT contacts/42?identifierType=contact_id {"attributes":{"EMAIL":"x@example.com"}}',
      ],
    },
  ],
  lists: {
    everybody: {
      kind: 'all',
      answers: [{ contacts: [{ id: 7, email: 'ada@example.com', listIds: [1] }, { id: 8 }], count: 2 }],
      requests: ['GET contacts?limit=500&offset=0&sort=asc'],
      page: {
        contacts: [
          { id: '7', email: 'ada@example.com' },
          { id: '8', email: undefined },
        ],
        next: '1',
        before: undefined,
      },
    },
    'who is in a list': {
      kind: 'tag',
      of: 'Buyers',
      answers: [{ count: 1, lists: [{ id: 3, name: 'Buyers' }] }, { count: 1 }, { contacts: [] }],
      requests: [
        'GET contacts/lists?limit=50&offset=0',
        'GET contacts/lists?limit=50&offset=50',
        'GET contacts/lists/3/contacts?limit=500&offset=0&sort=asc',
      ],
      page: { contacts: [], next: undefined, before: undefined },
    },
    'who is in a segment': {
      kind: 'segment',
      of: '9',
      answers: [{ count: 1, segments: [{ id: 9, segmentName: 'Buyers' }] }, { count: 1 }, { contacts: [] }],
      requests: [
        'GET contacts/segments?limit=50&offset=0',
        'GET contacts/segments?limit=50&offset=50',
        'GET contacts?segmentId=9&limit=500&offset=0&sort=asc',
      ],
      page: { contacts: [], next: undefined, before: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET account',
  fieldLists: {
    documented: [[attributeList], ['email', 'FIRSTNAME', 'WP_PASSWORD'], ['GET contacts/attributes']],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ code: 'x', message: 'x' }],
    'an attribute without a name': [{ attributes: [{ category: 'normal' }] }],
  },
  writable: ['WP_PASSWORD', 'FIRSTNAME'],
};
