import type { ConnectorEntry, Example } from './connector-entry.ts';

const appId = '2_12345_fake';
const standard = {
  firstname: 'Ada',
  lastname: 'Lovelace',
  sms_number: '+442079460000',
  company: 'Analytical Engines',
  city: 'London',
  state: 'ENG',
  country: 'GB',
};
/** Everything is a text, choices are numbers of options, and times are seconds. */
const data = {
  id: '7',
  owner: '1',
  ...standard,
  email: 'ada@example.com',
  date: '1767603600',
  dlm: '1770282000',
  f1551: 'x',
  f1555: '-4861728000',
  f1556: '1',
  f1557: '98.6',
  f1559: '*/*1*/*2*/*',
  f1560: '0',
};
const fields = {
  ...standard,
  email: data.email,
  date: '2026-01-05T09:00:00.000Z',
  f1551: 'x',
  'WP password': 'x',
  f1555: '1815-12-10T00:00:00.000Z',
  Birthday: '1815-12-10T00:00:00.000Z',
  VIP: '1',
  f1557: '98.6',
  Interests: ['mathematics', 'poetry'],
};
const ok = (given: unknown) => ({ code: 0, data: given, account_id: 12_345 });
const definition = (alias: string, type: string, more = {}) => ({ alias, type, editable: 1, ...more });
const definitions = {
  firstname: definition('First Name', 'text'),
  email: definition('Email', 'email'),
  date: definition('Date Added', 'timestamp'),
  f1551: definition('WP password', 'text'),
  f1555: definition('Birthday', 'fulldate'),
  f1556: definition('VIP', 'check'),
  f1557: definition('Score', 'numeric'),
  f1559: definition('Interests', 'list', { options: { 1: 'mathematics', 2: 'poetry' } }),
  f1560: definition('Last seen', 'timestamp'),
  f1561: definition('Plan', 'drop', { options: { 3: 'Gold' } }),
  f1562: definition('Plan', 'drop', { options: [] }),
};
const meta = ok({ 0: { name: 'Contact', fields: definitions } });
const metaOf = 'GET Contacts/meta?format=byName';

const labels = (names: readonly string[]) =>
  ok(names.map((tag_name, index) => ({ tag_id: String(index + 1), object_type_id: '0', tag_name })));
const answer = (contact_cat: unknown, more = {}) => ok({ ...data, contact_cat, ...more });
const joined = (names: readonly unknown[]) =>
  names.length === 0 ? '' : `*/*${names.map((_name, index) => index + 1).join('*/*')}*/*`;

const example = (name: string, given: string[], tags = given): Example => ({
  name,
  recorded: {
    documented: [answer(joined(given)), ...(given.length === 0 ? [] : [labels(given)]), meta],
    'in a list': [
      ok([{ ...data, contact_cat: joined(given) }]),
      ...(given.length === 0 ? [] : [labels(given)]),
      meta,
    ],
  },
  sandbox: {
    id: 7,
    email: data.email,
    tags: given,
    fields: {
      ...standard,
      wp_password: 'x',
      birthday: '1815-12-10',
      vip: true,
      score: 98.6,
      interests: ['mathematics', 'poetry'],
    },
    createdAt: '2026-01-05T09:00:00.000Z',
    updatedAt: '2026-02-05T09:00:00.000Z',
  },
  contact: { id: '7', fields, tags },
});

const one = { contacts: [{ contactId: '7' }] };
const hook = (object_type_id: string) => ({
  webhook_id: '3',
  object_type_id,
  event: { type: 'sub_tag', tag_id: '1' },
  data: { id: '7', email: 'ada@example.com', contact_cat: '*/*1*/*' },
  timestamp: 1770282000,
});
const write = (field: string, value: string, body: string) => ({
  id: '7',
  field,
  value,
  answers: [answer(''), meta, ok({ attrs: {} })],
  requests: ['GET Contact?id=7', metaOf, `PUT Contacts ${body}`],
});
const full = Array.from({ length: 50 }, (_, index) => `tag ${index + 1}`);

export const ontraport: ConnectorEntry = {
  baseUrls: [[{ appId }, 'https://api.ontraport.com/1/']],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { 'api-appid': appId, 'api-key': 'fake-token' } },
  examples: [
    example('tags', ['customer', 'VIP customer']),
    example('one tag', ['customer']),
    example('no tags', []),
    example('tags with spaces, and twice', [' customer ', 'VIP', 'customer'], ['customer', 'VIP']),
    example('tags that mean something elsewhere', ['#hash', 'a/b', 'a,b', '__proto__', '100%', '👍']),
  ],
  otherAnswers: {
    'nobody in a list': [[ok([])], []],
    'another contact': [[answer('', { id: '8' }), meta], ['8']],
    'several contacts': [
      [
        ok([
          { ...data, contact_cat: '' },
          { ...data, id: '8', contact_cat: '' },
        ]),
        meta,
        meta,
      ],
      ['7', '8'],
    ],
    'a tag of the second page': [
      [answer('*/*51*/*'), labels(full), ok([{ tag_id: '51', tag_name: 'late' }]), meta],
      ['7'],
    ],
  },
  fields: {
    'a choice and one that is not an option any more': [
      [answer('', { f1561: '3', f1562: '4', f1559: '*/*9*/*' }), meta],
      { f1561: 'Gold', f1562: '4', f1559: ['9'] },
    ],
    'a time that is not set': [[answer(''), meta], { f1560: null, 'Last seen': null }],
  },
  refused: {
    nothing: [null],
    'a text': ['Object not found'],
    'an empty object': [{}],
    'an error with 200': [{ code: 1, account_id: 12_345 }],
    'a contact without its key': [{ ...data, contact_cat: '' }],
    'no id': [answer('', { id: undefined })],
    'a text for an id': [answer('', { id: 'abc' })],
    'no tags': [answer(undefined)],
    'null for tags': [answer(null)],
    'tags as a list': [answer(['1'])],
    'tags as an object': [answer({ customer: true })],
    'tags in another shape': [answer('1,2')],
    'a tag that is nowhere': [answer('*/*9*/*'), labels(['customer']), meta],
    'no labels': [answer('*/*1*/*'), ok({})],
    'labels without names': [answer('*/*1*/*'), ok([{ tag_id: '1' }])],
    'no definitions': [answer(''), ok({})],
    'tags of one of two': [
      ok([
        { ...data, contact_cat: '' },
        { ...data, id: '8' },
      ]),
    ],
  },
  errors: {
    'nobody there': { status: 404, body: 'Object not found', code: 'contact_not_found' },
    'a key that is none': {
      status: 401,
      body: 'Your App ID and API key do not authenticate.',
      code: 'crm_credentials_rejected',
    },
    'a key without the right': { status: 403, body: 'Forbidden', code: 'crm_credentials_rejected' },
    'a value that is none': { status: 422, body: 'Invalid', code: 'crm_write_refused', isWrite: true },
    'a limit': {
      status: 429,
      headers: { 'x-rate-limit-limit': '180', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '42' },
      body: 'Too Many Requests',
      code: 'crm_rate_limited',
      seconds: 42,
    },
    'a limit that says nothing': { status: 429, body: '', code: 'crm_rate_limited' },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'an automation': ['contact_id=7', one],
    'an automation that sends JSON': [{ contact_id: '7', email: 'ada@example.com' }, one],
    'an automation with an address': [
      'email=ada%40example.com',
      { contacts: [{ contactEmail: 'ada@example.com' }] },
    ],
    'a webhook of the API': [hook('0'), one],
    'a webhook of a custom object': [hook('10000'), { contacts: [], ignored: 1 }],
  },
  ids: [
    ['7', '7'],
    ...['0', '007', '-1', '1.0', '[Contact ID]', '..', '12345678901234567', '7 '].map(
      (given) => [given, undefined] as const,
    ),
  ],
  unknownId: '999999',
  loads: { '7': 'GET Contact?id=7' },
  finds: {
    'ada+x@example.com':
      'GET Contacts?condition=[{"field":{"field":"email"},"op":"=","value":{"value":"ada+x@example.com"}}]&range=2',
  },
  writes: [
    write('f1551', 'fake-password', '{"id":"7","f1551":"fake-password"}'),
    write('WP password', '"\n👍', '{"id":"7","f1551":"\\"\\n👍"}'),
    write('firstname', 'Zoë', '{"id":"7","firstname":"Zoë"}'),
  ],
  lists: {
    everybody: {
      kind: 'all',
      place: '49',
      answers: [
        {
          code: 0,
          data: [
            { id: '7', email: 'ada@example.com' },
            { id: '8', email: '' },
          ],
        },
      ],
      requests: ['GET Contacts?sort=id&sortDir=asc&start=49&range=50'],
      page: {
        contacts: [
          { id: '7', email: 'ada@example.com' },
          { id: '8', email: undefined },
        ],
        next: '50',
        before: '0',
      },
    },
    'who has a tag': {
      kind: 'tag',
      of: 'customer',
      answers: [{ data: [{ tag_id: '3', tag_name: 'customer' }] }, { data: [] }, { data: [] }],
      requests: [
        'GET Tags?start=0&range=50',
        'GET Tags?start=50&range=50',
        'GET objects/tag?objectID=0&tag_id=3&sort=id&sortDir=asc&start=0&range=50',
      ],
      page: { contacts: [], next: undefined, before: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: metaOf,
  fieldLists: { documented: [[meta], ['f1551', 'WP password', 'firstname', 'First Name', 'id'], [metaOf]] },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'no objects': [ok([])],
    'fields as a list': [ok({ 0: { fields: ['firstname'] } })],
  },
  writable: ['f1551', 'WP password', 'city'],
};
